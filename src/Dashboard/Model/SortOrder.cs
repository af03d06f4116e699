namespace Quorate.Dashboard.Model;

/// <summary>A column and a direction, written <c>name</c> or <c>-name</c> in the URL.</summary>
public sealed record SortOrder(string Column, bool Descending)
{
    public static SortOrder? Parse(string? text) => string.IsNullOrEmpty(text) ? null
        : text[0] == '-' ? new SortOrder(text[1..], true)
        : new SortOrder(text, false);

    /// <summary>What a click on a column's head asks for: ascending, then descending.</summary>
    public static SortOrder Next(SortOrder? current, string column) =>
        new(column, current?.Column == column && !current.Descending);

    public override string ToString() => Descending ? $"-{Column}" : Column;
}
