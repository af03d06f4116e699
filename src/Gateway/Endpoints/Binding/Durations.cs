using System.Globalization;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints.Binding;

/// <summary>Checks of durations in milliseconds.</summary>
internal static class Durations
{
    /// <returns>The duration, or null when there is none.</returns>
    /// <exception cref="InvalidArgumentException">It is out of range.</exception>
    public static long? Require(string field, long? ms, long min, long max)
    {
        if (ms < min || ms > max)
        {
            throw new InvalidArgumentException(
                field, string.Create(CultureInfo.InvariantCulture, $"'{field}' must be {min:N0} to {max:N0} milliseconds, but is {ms:N0}."));
        }

        return ms;
    }
}
