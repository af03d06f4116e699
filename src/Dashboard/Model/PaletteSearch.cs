namespace Quorate.Dashboard.Model;

/// <param name="Kind">Resource key of the kind's name.</param>
public sealed record PaletteEntry(string Kind, string Icon, string Label, string Address);

public static class PaletteSearch
{
    public const int MaxResults = 12;

    /// <summary>Entries that contain every word of the query; those that begin with it come first.</summary>
    public static IReadOnlyList<PaletteEntry> Find(IEnumerable<PaletteEntry> entries, string query)
    {
        var words = query.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return [.. entries
            .Where(entry => words.All(word => entry.Label.Contains(word, StringComparison.OrdinalIgnoreCase)))
            .OrderByDescending(entry => entry.Label.StartsWith(query.Trim(), StringComparison.OrdinalIgnoreCase))
            .Take(MaxResults)];
    }
}
