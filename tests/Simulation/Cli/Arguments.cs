using System.Globalization;

namespace Quorate.Simulation.Cli;

/// <summary>Options by name: <c>--name value</c>, or <c>--name</c> alone for a switch.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> _values = [];

    /// <exception cref="FormatException">Something is no option, or an option is not known.</exception>
    public Arguments(ReadOnlySpan<string> arguments, IReadOnlyCollection<string> known)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            if (!known.Contains(arguments[i]))
            {
                throw new FormatException($"{arguments[i]} is not an option");
            }

            var hasValue = i + 1 < arguments.Length && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal);
            _values[arguments[i]] = hasValue ? arguments[i + 1] : "";
            i += hasValue ? 1 : 0;
        }
    }

    public bool Has(string name) => _values.ContainsKey(name);

    /// <exception cref="FormatException">It is not a number.</exception>
    public long Number(string name, long otherwise) => !_values.TryGetValue(name, out var text)
        ? otherwise
        : long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"{name} needs a number, not '{text}'");

    /// <exception cref="FormatException">It is not one of the names.</exception>
    public T Choice<T>(string name, T otherwise)
        where T : struct, Enum => !_values.TryGetValue(name, out var text)
        ? otherwise
        : Enum.TryParse<T>(text, out var choice)
            ? choice
            : throw new FormatException($"{name} is one of {string.Join(", ", Enum.GetNames<T>())}, not '{text}'");
}
