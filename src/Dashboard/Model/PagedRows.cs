using System.Collections.Immutable;
using Quorate.Contracts;

namespace Quorate.Dashboard.Model;

/// <summary>The rows that were read page by page because their live topic begins with only the first 1000; kept current by its changes.</summary>
/// <remarks>A change that arrives while a page is on its way counts for that page too: the page may be older than the change.</remarks>
public sealed class PagedRows<TView>(Func<TView, string> nameOf)
{
    private readonly HashSet<string> _removedMeanwhile = new(StringComparer.Ordinal);

    public ImmutableDictionary<string, TView> Rows { get; private set; } = Empty;

    /// <summary>Where the next page begins; null before the first and after the last.</summary>
    public string? NextCursor { get; private set; }

    /// <summary>All pages have been read.</summary>
    public bool Complete { get; private set; }

    private static ImmutableDictionary<string, TView> Empty { get; } = ImmutableDictionary.Create<string, TView>(StringComparer.Ordinal);

    /// <summary>A page is asked for.</summary>
    public void Begin() => _removedMeanwhile.Clear();

    /// <summary>Adds the page that was asked for; what the live topic has said about a row meanwhile stands.</summary>
    public void Append(Page<TView> page)
    {
        Rows = Rows.AddRange(page.Items
            .Select(item => KeyValuePair.Create(nameOf(item), item))
            .Where(row => !Rows.ContainsKey(row.Key) && !_removedMeanwhile.Contains(row.Key)));
        NextCursor = page.NextCursor;
        Complete = page.NextCursor is null;
    }

    public void Apply(IReadOnlyList<TView> items, IReadOnlyList<string> removed)
    {
        _removedMeanwhile.UnionWith(removed);
        _removedMeanwhile.ExceptWith(items.Select(nameOf));
        Rows = Rows.RemoveRange(removed).SetItems(items.Select(item => KeyValuePair.Create(nameOf(item), item)));
    }

    /// <summary>Changes may have been lost: what was read is worth nothing.</summary>
    public void Clear() => (Rows, NextCursor, Complete) = (Empty, null, false);

    public TView? Find(string name) => Rows.GetValueOrDefault(name);

    /// <summary>The rows that the live topic brought and those read beyond them, by name.</summary>
    public IEnumerable<TView> With(ImmutableSortedDictionary<string, TView> live) => Rows.IsEmpty
        ? live.Values
        : live.Values.Concat(Rows.Where(row => !live.ContainsKey(row.Key)).Select(row => row.Value)).OrderBy(nameOf, StringComparer.Ordinal);

    /// <summary>Rows known, of both kinds.</summary>
    public int Count(ImmutableSortedDictionary<string, TView> live) => live.Count + Rows.Keys.Count(name => !live.ContainsKey(name));
}
