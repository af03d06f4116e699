using Quorate.Core.Clocks;

namespace Quorate.Core.Raft;

/// <summary>
/// The log since the last compaction, in memory, with marks for what has been handed out to be saved and what is durable.
/// <code>
///   compacted | Snapshot.Index ....... Saved ....... Handed ....... Last
///             |   in memory, durable  |  being saved |  to be saved |
/// </code>
/// </summary>
/// <remarks>
/// Invariants: 1. entry i stands at position i − Snapshot.Index − 1; 2. terms never go back along the log; 3. times strictly
/// increase; 4. Snapshot.Index ≤ Saved ≤ Handed ≤ Last.
/// </remarks>
internal sealed class RaftLog
{
    private readonly List<Entry> _entries = [];

    public RaftLog(SnapshotMeta snapshot, IReadOnlyList<Entry> entries)
    {
        Snapshot = snapshot;
        Saved = Handed = snapshot.Index;
        foreach (var entry in entries)
        {
            Append(entry);
        }

        Saved = Handed = LastIndex;
    }

    public SnapshotMeta Snapshot { get; private set; }

    /// <summary>Everything up to here is durable on this node.</summary>
    public LogIndex Saved { get; private set; }

    /// <summary>Everything up to here has been handed out to be saved.</summary>
    public LogIndex Handed { get; private set; }

    public LogIndex LastIndex => Snapshot.Index + _entries.Count;

    public Term LastTerm => _entries.Count > 0 ? _entries[^1].Term : Snapshot.Term;

    public HlcTimestamp LastTime => _entries.Count > 0 ? _entries[^1].Time : Snapshot.Time;

    public LogIndex FirstIndex => Snapshot.Index.Next;

    /// <summary>What the entries in memory count for, as <see cref="Entry.Size"/>.</summary>
    public long Bytes { get; private set; }

    public Entry this[LogIndex index] => _entries[(int)(index - FirstIndex)];

    /// <summary>The term of an entry, or null when it is compacted away or not there yet.</summary>
    public Term? TermAt(LogIndex index)
    {
        if (index == Snapshot.Index)
        {
            return Snapshot.Term;
        }

        return index < Snapshot.Index || index > LastIndex ? null : this[index].Term;
    }

    public bool Matches(LogIndex index, Term term) => TermAt(index) == term;

    /// <summary>Whether a log that ends with the given entry is at least as complete as this one (Raft §5.4.1).</summary>
    public bool IsUpToDate(LogIndex index, Term term) =>
        term > LastTerm || (term == LastTerm && index >= LastIndex);

    public void Append(Entry entry)
    {
        if (entry.Index != LastIndex.Next || entry.Term < LastTerm)
        {
            throw new InvalidOperationException($"entry {entry.Index} of term {entry.Term} does not follow {LastIndex} of term {LastTerm}");
        }

        _entries.Add(entry);
        Bytes += entry.Size;
    }

    /// <summary>Forgets the entry at <paramref name="from"/> and all after it.</summary>
    public void Truncate(LogIndex from)
    {
        Remove((int)(from - FirstIndex), (int)(LastIndex - from) + 1);
        Handed = LogIndex.Min(Handed, from.Previous);
        Saved = LogIndex.Min(Saved, from.Previous);
    }

    /// <summary>The last index not after <paramref name="index"/> whose term is not after <paramref name="term"/>.</summary>
    public LogIndex LastNotAfter(LogIndex index, Term term)
    {
        index = LogIndex.Min(index, LastIndex);
        while (index > Snapshot.Index && this[index].Term > term)
        {
            index = index.Previous;
        }

        return index;
    }

    /// <summary>Entries from <paramref name="from"/>, at least one, as many as both limits allow.</summary>
    public IReadOnlyList<Entry> Slice(LogIndex from, int maxEntries, long maxBytes)
    {
        var start = (int)(from - FirstIndex);
        var count = 0;
        long bytes = 0;
        while (start + count < _entries.Count && count < maxEntries)
        {
            bytes += _entries[start + count].Size;
            if (count > 0 && bytes > maxBytes)
            {
                break;
            }

            count++;
        }

        return count == 0 ? [] : _entries.GetRange(start, count);
    }

    /// <summary>What has not been handed out to be saved yet.</summary>
    public IReadOnlyList<Entry> TakeUnsaved()
    {
        if (Handed == LastIndex)
        {
            return [];
        }

        var entries = _entries.GetRange((int)(Handed - Snapshot.Index), (int)(LastIndex - Handed));
        Handed = LastIndex;
        return entries;
    }

    /// <summary>Notes that a save reached the disk. A save of entries that were overwritten meanwhile changes nothing.</summary>
    public void MarkSaved(LogIndex index, Term term)
    {
        if (index > Saved && index <= Handed && Matches(index, term))
        {
            Saved = index;
        }
    }

    /// <summary>Forgets entries that <paramref name="snapshot"/> contains.</summary>
    public void Compact(SnapshotMeta snapshot)
    {
        if (snapshot.Index <= Snapshot.Index || snapshot.Index > Saved)
        {
            return;
        }

        Remove(0, (int)(snapshot.Index - Snapshot.Index));
        Snapshot = snapshot;
    }

    /// <summary>Replaces the whole log by a snapshot received from the leader.</summary>
    public void Reset(SnapshotMeta snapshot)
    {
        Remove(0, _entries.Count);
        Snapshot = snapshot;
        Saved = Handed = snapshot.Index;
    }

    private void Remove(int start, int count)
    {
        for (var i = start; i < start + count; i++)
        {
            Bytes -= _entries[i].Size;
        }

        _entries.RemoveRange(start, count);
    }
}
