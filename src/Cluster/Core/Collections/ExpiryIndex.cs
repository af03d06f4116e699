using Quorate.Core.Clocks;

namespace Quorate.Core.Collections;

/// <summary>What expires when. Ties fall in key order, so that every replica expires in the same order.</summary>
public sealed class ExpiryIndex<TKey>
    where TKey : IComparable<TKey>
{
    private readonly SortedSet<(HlcTimestamp Due, TKey Key)> _items;

    public ExpiryIndex(IComparer<TKey> comparer) =>
        _items = new(Comparer<(HlcTimestamp Due, TKey Key)>.Create((a, b) =>
        {
            var byTime = a.Due.CompareTo(b.Due);
            return byTime != 0 ? byTime : comparer.Compare(a.Key, b.Key);
        }));

    /// <summary>When the next item is due; null when nothing expires.</summary>
    public HlcTimestamp? NextDue => _items.Count == 0 ? null : _items.Min.Due;

    public void Add(HlcTimestamp? due, TKey key)
    {
        if (due is { } time)
        {
            _items.Add((time, key));
        }
    }

    public void Remove(HlcTimestamp? due, TKey key)
    {
        if (due is { } time)
        {
            _items.Remove((time, key));
        }
    }

    /// <summary>Takes out one item that is due.</summary>
    public bool TryTakeDue(HlcTimestamp now, out TKey key)
    {
        if (_items.Count > 0 && _items.Min is var first && first.Due <= now)
        {
            _items.Remove(first);
            key = first.Key;
            return true;
        }

        key = default!;
        return false;
    }
}
