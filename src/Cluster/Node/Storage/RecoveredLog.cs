using Quorate.Core.Raft;

namespace Quorate.Node.Storage;

/// <summary>What a log holds when it is opened.</summary>
/// <param name="Directory">Where it was read.</param>
/// <param name="HardState">The last one saved; all zero for a new log.</param>
/// <param name="InstalledSnapshot">The last snapshot received from a leader that replaced the log; null when there was none.</param>
/// <param name="Entries">Consecutive. They may begin before the latest snapshot: see <see cref="After"/>.</param>
/// <param name="LastIndex">The last index of the log, also when its entries are compacted away.</param>
/// <param name="Segments">Number of segment files.</param>
/// <param name="Torn">The write that a crash interrupted, which was cut; null when the log ended cleanly.</param>
public sealed record RecoveredLog(
    string Directory, HardState HardState, SnapshotMeta? InstalledSnapshot, IReadOnlyList<Entry> Entries, LogIndex LastIndex, int Segments, TornTail? Torn)
{
    /// <summary>The entries that a state restored from <paramref name="snapshot"/> still lacks.</summary>
    /// <param name="snapshot">Null when there is no usable snapshot.</param>
    /// <exception cref="WalCorruptedException">The log begins after the snapshot ends, or ends before what was installed: entries are missing.</exception>
    public IReadOnlyList<Entry> After(SnapshotMeta? snapshot)
    {
        var covered = snapshot?.Index ?? LogIndex.Zero;
        var first = Entries.Count > 0 ? Entries[0].Index : LastIndex.Next;
        if (first > covered.Next)
        {
            throw new WalCorruptedException(
                Directory, 0, $"the log begins at entry {first}, but the usable snapshot ends at {covered}; what lies between is missing");
        }

        var skip = (int)Math.Min(covered.Next - first, Entries.Count);
        return skip == 0 ? Entries : [.. Entries.Skip(skip)];
    }
}

/// <summary>The unfinished write at the end of a log.</summary>
/// <param name="Offset">Where it begins in <paramref name="File"/>, in bytes.</param>
public sealed record TornTail(string File, long Offset);
