using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.Kv;
using Quorate.Contracts.Live;

namespace Quorate.Dashboard.Model;

/// <summary>The keys under one prefix, as far as they have been read, kept current by the live changes.</summary>
/// <remarks>
/// Invariants: 1. keys are in ordinal order without duplicates; 2. every existing key from the prefix's first up to
/// <see cref="ReadTo"/> is present; 3. a key never goes back to a lower revision.
/// </remarks>
public sealed class KeyBrowser(string prefix)
{
    private ImmutableSortedDictionary<string, KeyView> _keys =
        ImmutableSortedDictionary.Create<string, KeyView>(StringComparer.Ordinal);

    public string Prefix { get; } = prefix;

    public IReadOnlyList<KeyView> Keys { get; private set; } = [];

    /// <summary>Where the next page begins; null when all has been read.</summary>
    public string? NextCursor { get; private set; }

    public bool Loaded { get; private set; }

    /// <summary>The last key that pages have covered; null when they have covered everything.</summary>
    private string? ReadTo { get; set; }

    /// <summary>Adds a page that was asked for with <see cref="NextCursor"/>, or the first.</summary>
    public void Append(Page<KeyView> page)
    {
        foreach (var key in page.Items)
        {
            Put(key);
        }

        Loaded = true;
        NextCursor = page.NextCursor;
        ReadTo = page.NextCursor is null ? null : page.Items.LastOrDefault()?.Key ?? ReadTo;
        Keys = [.. _keys.Values];
    }

    /// <returns>Whether anything shown has changed.</returns>
    public bool Apply(KvPayload change)
    {
        var before = _keys;
        foreach (var removed in change.Removed)
        {
            _keys = _keys.Remove(removed);
        }

        foreach (var key in change.Items.Where(key => Covers(key.Key)))
        {
            Put(key);
        }

        if (ReferenceEquals(before, _keys))
        {
            return false;
        }

        Keys = [.. _keys.Values];
        return true;
    }

    public KeyView? Find(string key) => _keys.GetValueOrDefault(key);

    private bool Covers(string key) =>
        Loaded
        && key.StartsWith(Prefix, StringComparison.Ordinal)
        && (ReadTo is null || string.CompareOrdinal(key, ReadTo) <= 0);

    private void Put(KeyView key)
    {
        if (!_keys.TryGetValue(key.Key, out var known) || known.Revision < key.Revision)
        {
            _keys = _keys.SetItem(key.Key, key);
        }
    }
}
