namespace Quorate.Dashboard.Model;

/// <summary>How far back a page looks, as it stands in the URL.</summary>
/// <param name="Id">In the URL, and part of the key of its name.</param>
/// <param name="Length">Null: as far as there are data.</param>
public sealed record TimeRange(string Id, TimeSpan? Length)
{
    public static readonly TimeRange Default = new("hour", TimeSpan.FromHours(1));

    public static readonly IReadOnlyList<TimeRange> All =
        [new("minutes", TimeSpan.FromMinutes(5)), Default, new("day", TimeSpan.FromDays(1)), new("all", null)];

    /// <summary>A range that does not exist becomes the default.</summary>
    public static TimeRange Parse(string? id) => All.FirstOrDefault(range => range.Id == id) ?? Default;
}
