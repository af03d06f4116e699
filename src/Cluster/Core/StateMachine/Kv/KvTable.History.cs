using System.Runtime.InteropServices;
using Quorate.Core.Clocks;
using Quorate.Core.Codec;
using Quorate.Core.Collections;

namespace Quorate.Core.StateMachine.Kv;

/// <summary>
/// What keys held before. A key that was written once has no history and pays nothing for it; of the others, and of keys that are
/// gone, the last <see cref="KeptRevisions"/> are kept, and of all keys together <see cref="MaxHistoryBytes"/>: beyond it, what was
/// replaced longest ago goes first.
/// </summary>
/// <remarks>
/// What goes is decided by the state alone, so that every node forgets the same: all that one entry of the log replaced goes
/// together, and an entry's place in the order is a number that the revision carries (<see cref="KvRevision.Until"/>).
/// </remarks>
public sealed partial class KvTable
{
    /// <summary>Revisions kept of a key, the present one included.</summary>
    public const int KeptRevisions = 32;

    /// <summary>Earlier revisions of all keys together, each counted with <see cref="KvRevision.Overhead"/>.</summary>
    public const long MaxHistoryBytes = 32L << 20;

    /// <summary>A value is often a slice of the entry that brought it. Kept for long, it must not hold much more than itself.</summary>
    private const int MaxSlack = 512;

    // Histories of keys that do not exist now.
    private readonly CowTree<string, KvHistory> _ended = new(StringComparer.Ordinal);

    // Derived: every key with a history, by when the oldest of it was replaced, or by an earlier moment where that has gone meanwhile:
    // a key is put right only when its turn comes, so that a write to a key that has a history already finds nothing to do here.
    private readonly PriorityQueue<string, long> _oldest = new();
    private int _epoch;
    private long _lastEnd;

    /// <summary>Earlier revisions kept, of all keys.</summary>
    public int HistoryCount { get; private set; }

    /// <summary>What they count, in bytes.</summary>
    public long HistoryBytes { get; private set; }

    /// <summary>Revisions that were replaced up to this entry of the log may be forgotten, of any key, because of <see cref="MaxHistoryBytes"/>.</summary>
    public long ForgottenThrough { get; private set; }

    /// <summary>The revisions of a key that are still kept, newest first. The first is what it holds now, or its end.</summary>
    public IReadOnlyList<KvRevision> History(string key)
    {
        var item = Get(key);
        var past = PastOf(key, item);
        var revisions = new List<KvRevision>();
        if (item is not null)
        {
            revisions.Add(new KvPast(item, End: null, Until: 0, past?.Reason).ToRevision());
        }

        for (var i = (past?.Count ?? 0) - 1; i >= 0; i--)
        {
            revisions.Add(past![i].ToRevision());
        }

        return revisions;
    }

    /// <summary>The history that a key has once it is put anew: what it holds now becomes a part of it.</summary>
    private KvHistory? Replaced(string key, KvItem? current, in ApplyContext context)
    {
        var past = current is null ? Reopened(key, context) : current.Past;
        if (current is not null && current.Revision != context.Index)
        {
            past = KvHistory.Own(past, _epoch);
            Push(current.Key, past, Kept(current, context.Index));
        }

        if (context.Reason is not null || past?.Reason is not null)
        {
            past = KvHistory.Own(past, _epoch);
            past.Reason = context.Reason;
        }

        return past;
    }

    private KvHistory? Reopened(string key, in ApplyContext context)
    {
        if (_ended.Count == 0 || !_ended.TryGet(key, out var past))
        {
            return null;
        }

        _ended.Remove(key);
        past = KvHistory.Own(past, _epoch);

        // Ended and put again by the same entry: nobody ever saw it gone.
        if (_lastEnd == context.Index && past.Count > 0 && past.Newest is { End: not null } end && end.Until == context.Index)
        {
            Forget(past.DropNewest());
        }

        return past;
    }

    private void Ended(KvItem item, KvChange change, in ApplyContext context)
    {
        var past = KvHistory.Own(item.Past, _epoch);
        if (item.Revision != context.Index)
        {
            Push(item.Key, past, Kept(item, context.Index));
        }

        var end = new KvRevision(context.Index, context.Index, change, context.Time, default, Version: 0, context.Reason);
        Push(item.Key, past, new KvPast(Item: null, end, context.Index, context.Reason));
        past.Reason = null;
        _ended.Set(item.Key, past);
        _lastEnd = context.Index;
        KeepWithinBounds();
    }

    /// <summary>
    /// An item as a history keeps it: without a history of its own, which would keep every ring that ever was, and without much more
    /// around its value. One that a frozen view may still see is copied instead of changed.
    /// </summary>
    private KvPast Kept(KvItem item, long until)
    {
        var reason = item.Past?.Reason;
        if (HasSlack(item.Value))
        {
            item = item with { Value = item.Value.ToArray(), Past = null };
        }
        else if (item.Past is { } past && !past.IsOf(_epoch))
        {
            item = item with { Past = null };
        }
        else
        {
            item.Past = null;
        }

        return new KvPast(item, End: null, until, reason);
    }

    private void Push(string key, KvHistory past, in KvPast entry)
    {
        if (past.Count == 0)
        {
            _oldest.Enqueue(key, entry.Until);
        }

        HistoryCount++;
        HistoryBytes += entry.Cost;
        if (past.Push(entry) is var dropped and > 0)
        {
            Forget(dropped);
        }
    }

    private void Forget(long cost)
    {
        HistoryCount--;
        HistoryBytes -= cost;
    }

    /// <summary>Comes last in a write, when the table is whole again.</summary>
    private void KeepWithinBounds()
    {
        while (HistoryBytes > MaxHistoryBytes && _oldest.TryPeek(out _, out var until))
        {
            ForgottenThrough = Math.Max(ForgottenThrough, until);

            // What one entry of the log replaced goes together: within it there is no order that all nodes would agree on.
            while (_oldest.TryPeek(out var key, out var due) && due <= until)
            {
                if (DropThrough(key, until) is { } rest)
                {
                    _oldest.DequeueEnqueue(key, rest);
                }
                else
                {
                    _oldest.Dequeue();
                }
            }
        }
    }

    /// <summary>Forgets what a key held up to an entry of the log.</summary>
    /// <returns>When the oldest of what is left was replaced; null when nothing is left.</returns>
    private long? DropThrough(string key, long until)
    {
        var item = Get(key);
        if (PastOf(key, item) is not { Count: > 0 } past)
        {
            return null;
        }

        if (past.Oldest.Until <= until && !past.IsOf(_epoch))
        {
            past = KvHistory.Own(past, _epoch);
            if (item is not null)
            {
                _items.Set(key, item with { Past = past });
            }
            else
            {
                _ended.Set(key, past);
            }
        }

        while (past.Count > 0 && past.Oldest.Until <= until)
        {
            Forget(past.DropOldest());
        }

        if (past.Count > 0)
        {
            return past.Oldest.Until;
        }

        if (item is null)
        {
            _ended.Remove(key);
        }

        return null;
    }

    private KvHistory? PastOf(string key, KvItem? item) => item is not null ? item.Past : _ended.TryGet(key, out var past) ? past : null;

    private static bool HasSlack(ReadOnlyMemory<byte> value) =>
        MemoryMarshal.TryGetArray(value, out var segment) && segment.Array!.Length > value.Length + MaxSlack;

    internal void RestoreForgotten(ref ByteReader reader) => ForgottenThrough = reader.VarInt();

    internal void RestoreReason(ref ByteReader reader)
    {
        var item = Get(reader.String()) ?? throw new FormatException("a reason belongs to no key");
        _items.Set(item.Key, item with { Past = new KvHistory(_epoch) { Reason = reader.String() } });
    }

    internal void RestoreRevision(ref ByteReader reader)
    {
        var key = reader.String();
        var revision = ReadRevision(ref reader);
        var item = Get(key);
        var past = KvHistory.Own(PastOf(key, item), _epoch);
        Push(key, past, revision.Change == KvChange.Put
            ? new KvPast(
                new KvItem(key, revision.Value, revision.Revision, 0, revision.Version, revision.At, ExpiresAt: null), End: null, revision.Until, revision.Reason)
            : new KvPast(Item: null, revision, revision.Until, revision.Reason));
        if (item is null)
        {
            _ended.Set(key, past);
        }
        else
        {
            item.Past = past;
        }
    }

    internal static void WriteReason(ByteWriter writer, string key, string reason)
    {
        writer.String(key);
        writer.String(reason);
    }

    internal static void WriteRevision(ByteWriter writer, string key, KvRevision revision)
    {
        writer.String(key);
        writer.VarInt(revision.Revision);
        writer.VarInt(revision.Until);
        writer.Byte((byte)revision.Change);
        writer.VarInt(revision.At.Value);
        writer.Bytes(revision.Value.Span);
        writer.VarInt(revision.Version);
        writer.OptionalString(revision.Reason);
    }

    private static KvRevision ReadRevision(ref ByteReader reader) => new(
        reader.VarInt(),
        reader.VarInt(),
        ReadChange(ref reader),
        new HlcTimestamp(reader.VarInt()),
        reader.Bytes().ToArray(),
        reader.VarInt(),
        reader.OptionalString());

    private static KvChange ReadChange(ref ByteReader reader)
    {
        var change = (KvChange)reader.Byte();
        return change is KvChange.Put or KvChange.Deleted or KvChange.Expired ? change : throw new FormatException($"{change} is no change of a key");
    }
}
