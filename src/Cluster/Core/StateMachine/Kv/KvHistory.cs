using Quorate.Core.Clocks;

namespace Quorate.Core.StateMachine.Kv;

/// <summary>What a write made of a key.</summary>
public enum KvChange : byte
{
    Put = 1,
    Deleted = 2,
    Expired = 3,
}

/// <summary>One state that a key was in.</summary>
/// <param name="Revision">Log index of the write.</param>
/// <param name="Until">Log index of the next write, which ended this state; for an end of the key, its own. 0 for what the key holds now.</param>
/// <param name="Value">UTF-8 JSON; empty unless it was put.</param>
/// <param name="Version">Writes since the key was created, from 1; 0 for an end of the key.</param>
/// <param name="Reason">Why, as the writer said.</param>
public sealed record KvRevision(
    long Revision, long Until, KvChange Change, HlcTimestamp At, ReadOnlyMemory<byte> Value, long Version, string? Reason)
{
    /// <summary>Bytes that an earlier revision counts with, beside its value: the object, its place in the ring and in the order of age.</summary>
    public const int Overhead = 128;
}

/// <summary>
/// One place in a history. It keeps the item that was replaced rather than a copy of it: an object that is there already costs a
/// write nothing, and the garbage collector no more than it did.
/// </summary>
/// <param name="Item">What the key held; null for an end of the key.</param>
/// <param name="End">How the key ended; null for something it held.</param>
internal readonly record struct KvPast(KvItem? Item, KvRevision? End, long Until, string? Reason)
{
    public long Cost => KvRevision.Overhead + (Item?.Value.Length ?? 0);

    public KvRevision ToRevision() =>
        End ?? new KvRevision(Item!.Revision, Until, KvChange.Put, Item.ModifiedAt, Item.Value, Item.Version, Reason);
}

/// <summary>
/// The earlier revisions of one key, oldest first, in a ring that is changed in place: keeping one more costs a write no copy.
/// A frozen view still sees the ring as it was, because a ring of an earlier epoch is cloned before it changes, as the nodes of
/// <see cref="Collections.CowTree{TKey,TValue}"/> are.
/// </summary>
internal sealed class KvHistory(int epoch)
{
    public const int Capacity = KvTable.KeptRevisions - 1;

    private KvPast[] _ring = [];
    private int _start;

    public int Count { get; private set; }

    /// <summary>Why the key holds what it holds now.</summary>
    public string? Reason { get; set; }

    public ref readonly KvPast Oldest => ref _ring[_start];

    public ref readonly KvPast Newest => ref this[Count - 1];

    public ref readonly KvPast this[int position] => ref _ring[(_start + position) % _ring.Length];

    public static KvHistory Own(KvHistory? history, int epoch)
    {
        if (history is null)
        {
            return new KvHistory(epoch);
        }

        return history.IsOf(epoch) ? history : history.Clone(epoch);
    }

    public bool IsOf(int other) => epoch == other;

    /// <returns>What the oldest counted, when it had to go; else 0.</returns>
    public long Push(in KvPast past)
    {
        var dropped = Count == Capacity ? DropOldest() : 0;
        if (Count == _ring.Length)
        {
            Grow();
        }

        _ring[(_start + Count) % _ring.Length] = past;
        Count++;
        return dropped;
    }

    /// <returns>What it counted.</returns>
    public long DropOldest()
    {
        var cost = _ring[_start].Cost;
        _ring[_start] = default;
        _start = (_start + 1) % _ring.Length;
        Count--;
        return cost;
    }

    /// <returns>What it counted.</returns>
    public long DropNewest()
    {
        Count--;
        ref var newest = ref _ring[(_start + Count) % _ring.Length];
        var cost = newest.Cost;
        newest = default;
        return cost;
    }

    private void Grow()
    {
        var ring = new KvPast[Math.Clamp(_ring.Length * 2, 1, Capacity)];
        CopyTo(ring);
        (_ring, _start) = (ring, 0);
    }

    private KvHistory Clone(int next)
    {
        var clone = new KvHistory(next) { Reason = Reason, Count = Count, _ring = new KvPast[_ring.Length] };
        CopyTo(clone._ring);
        return clone;
    }

    private void CopyTo(KvPast[] ring)
    {
        for (var i = 0; i < Count; i++)
        {
            ring[i] = this[i];
        }
    }
}
