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

    private const int CompactAfter = 1024;

    // Histories of keys that do not exist now.
    private readonly CowTree<string, KvHistory> _ended = new(StringComparer.Ordinal);

    // Derived: which key had something replaced when. Stale where the key's own bound was quicker.
    private Queue<(long Until, string Key)> _ages = new();
    private List<(long Until, string Key)>? _restored;
    private int _epoch;
    private long _lastEnd;

    /// <summary>Earlier revisions kept, of all keys.</summary>
    public int HistoryCount { get; private set; }

    /// <summary>What they count, in bytes.</summary>
    public long HistoryBytes { get; private set; }

    /// <summary>The revisions of a key that are still kept, newest first. The first is what it holds now, or its end.</summary>
    public IReadOnlyList<KvRevision> History(string key)
    {
        var item = Get(key);
        var past = item is null ? _ended.TryGet(key, out var ended) ? ended : null : item.Past;
        var revisions = new List<KvRevision>();
        if (item is not null)
        {
            revisions.Add(RevisionOf(item, until: 0));
        }

        for (var i = (past?.Count ?? 0) - 1; i >= 0; i--)
        {
            revisions.Add(past![i]);
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
            Push(past, RevisionOf(current, context.Index));
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
        if (_lastEnd == context.Index && past.Count > 0 && past.Newest is { Change: not KvChange.Put } end && end.Revision == context.Index)
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
            Push(past, RevisionOf(item, context.Index));
        }

        Push(past, new KvRevision(context.Index, context.Index, change, context.Time, default, Version: 0, context.Reason));
        past.Reason = null;
        _ended.Set(item.Key, past);
        _lastEnd = context.Index;
        Aged(context.Index, item.Key);
    }

    private void Push(KvHistory past, KvRevision revision)
    {
        HistoryCount++;
        HistoryBytes += revision.Cost;
        if (past.Push(revision) is { } dropped)
        {
            Forget(dropped);
        }
    }

    private void Forget(KvRevision revision)
    {
        HistoryCount--;
        HistoryBytes -= revision.Cost;
    }

    /// <summary>Notes that a key had something replaced, and keeps the whole within its bound. Comes last, when the table is whole again.</summary>
    private void Aged(long until, string key)
    {
        _ages.Enqueue((until, key));
        while (HistoryBytes > MaxHistoryBytes)
        {
            var oldest = _ages.Peek().Until;
            while (_ages.TryPeek(out var next) && next.Until == oldest)
            {
                _ages.Dequeue();
                DropThrough(next.Key, oldest);
            }
        }

        if (_ages.Count > CompactAfter + (2 * HistoryCount))
        {
            _ages = new Queue<(long, string)>(_ages.Where(age => PastOf(age.Key) is { Count: > 0 } past && past.Oldest.Until <= age.Until));
        }
    }

    private KvHistory? PastOf(string key) => Get(key) is { } item ? item.Past : _ended.TryGet(key, out var past) ? past : null;

    /// <summary>Forgets what a key held up to an entry of the log.</summary>
    private void DropThrough(string key, long until)
    {
        if (PastOf(key) is not { Count: > 0 } past || past.Oldest.Until > until)
        {
            return;
        }

        var item = Get(key);
        if (!past.IsOf(_epoch))
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

        if (item is null && past.Count == 0)
        {
            _ended.Remove(key);
        }
    }

    private static KvRevision RevisionOf(KvItem item, long until) =>
        new(item.Revision, until, KvChange.Put, item.ModifiedAt, until == 0 ? item.Value : Compact(item.Value), item.Version, item.Past?.Reason);

    private static ReadOnlyMemory<byte> Compact(ReadOnlyMemory<byte> value) =>
        MemoryMarshal.TryGetArray(value, out var segment) && segment.Array!.Length > value.Length + MaxSlack ? value.ToArray() : value;

    internal void RestoreReason(ref ByteReader reader)
    {
        var item = Get(reader.String()) ?? throw new FormatException("a reason belongs to no key");
        _items.Set(item.Key, item with { Past = new KvHistory(_epoch) { Reason = reader.String() } });
    }

    internal void RestoreRevision(ref ByteReader reader)
    {
        var key = reader.String();
        var revision = ReadRevision(ref reader);
        var past = KvHistory.Own(PastOf(key), _epoch);
        Push(past, revision);
        (_restored ??= []).Add((revision.Until, key));
        if (Get(key) is not { } item)
        {
            _ended.Set(key, past);
        }
        else if (item.Past is null)
        {
            _items.Set(key, item with { Past = past });
        }
    }

    /// <summary>The snapshot is read to its end.</summary>
    internal void EndRestore()
    {
        _ages = new Queue<(long, string)>((_restored ?? []).OrderBy(age => age.Until));
        _restored = null;
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
