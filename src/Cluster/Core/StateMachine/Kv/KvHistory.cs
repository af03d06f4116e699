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

    public long Cost => Overhead + Value.Length;
}

/// <summary>
/// The earlier revisions of one key, oldest first, in a ring that is changed in place: keeping one more costs a write no copy.
/// A frozen view still sees the ring as it was, because a ring of an earlier epoch is cloned before it changes, as the nodes of
/// <see cref="Collections.CowTree{TKey,TValue}"/> are.
/// </summary>
internal sealed class KvHistory(int epoch)
{
    public const int Capacity = KvTable.KeptRevisions - 1;

    private KvRevision[] _ring = [];
    private int _start;

    public int Count { get; private set; }

    /// <summary>Why the key holds what it holds now.</summary>
    public string? Reason { get; set; }

    public KvRevision Oldest => _ring[_start];

    public KvRevision Newest => this[Count - 1];

    public KvRevision this[int position] => _ring[(_start + position) % _ring.Length];

    public static KvHistory Own(KvHistory? history, int epoch)
    {
        if (history is null)
        {
            return new KvHistory(epoch);
        }

        return history.IsOf(epoch) ? history : history.Clone(epoch);
    }

    public bool IsOf(int other) => epoch == other;

    /// <returns>The oldest revision, when it had to go.</returns>
    public KvRevision? Push(KvRevision revision)
    {
        var dropped = Count == Capacity ? DropOldest() : null;
        if (Count == _ring.Length)
        {
            Grow();
        }

        _ring[(_start + Count) % _ring.Length] = revision;
        Count++;
        return dropped;
    }

    public KvRevision DropOldest()
    {
        var dropped = _ring[_start];
        _ring[_start] = null!;
        _start = (_start + 1) % _ring.Length;
        Count--;
        return dropped;
    }

    public KvRevision DropNewest()
    {
        Count--;
        var position = (_start + Count) % _ring.Length;
        var dropped = _ring[position];
        _ring[position] = null!;
        return dropped;
    }

    private void Grow() => _ring = Copy(Math.Clamp(_ring.Length * 2, 2, Capacity));

    private KvRevision[] Copy(int length)
    {
        var copy = new KvRevision[length];
        for (var i = 0; i < Count; i++)
        {
            copy[i] = this[i];
        }

        _start = 0;
        return copy;
    }

    private KvHistory Clone(int next)
    {
        var clone = new KvHistory(next) { Reason = Reason, Count = Count, _ring = new KvRevision[_ring.Length] };
        for (var i = 0; i < Count; i++)
        {
            clone._ring[i] = this[i];
        }

        return clone;
    }
}
