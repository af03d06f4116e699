using System.Globalization;

namespace Quorate.Bench.Load;

/// <summary>The documents that are written to one side and looked for on the other: the same keys and JSON for every system.</summary>
internal static class RoundDocument
{
    public static string Key(int number) => string.Create(CultureInfo.InvariantCulture, $"{number:0000000}");

    /// <summary>An object with the number and <see cref="Workload.Value"/>.</summary>
    public static string Json(int number) => string.Create(CultureInfo.InvariantCulture, $$"""{"number":{{number}},"text":"{{Workload.Value}}"}""");
}
