using System.Globalization;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints.Binding;

/// <summary>Session ids as clients see them: the log index of the entry that opened the session, in decimal digits.</summary>
internal static class SessionIds
{
    /// <exception cref="UnknownSessionException">The text is no id that was ever given out.</exception>
    public static long Parse(string id) =>
        long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var session) && session > 0
            ? session
            : throw new UnknownSessionException(id);
}
