using Quorate.Core.Raft;

namespace Quorate.Node.Hosting;

/// <summary>One step's worth of saving. Jobs are saved in the order they were made; many may share one fsync.</summary>
/// <param name="SendWhenDurable">Leaves only when this job and all before it are durable.</param>
public sealed record SaveJob(HardState? HardState, SnapshotMeta? Snapshot, IReadOnlyList<Entry> Entries, IReadOnlyList<Message> SendWhenDurable)
{
    /// <summary>The last entry of the job, as <see cref="RaftNode.Saved"/> wants it.</summary>
    public (LogIndex Index, Term Term)? Last => Entries.Count > 0 ? (Entries[^1].Index, Entries[^1].Term) : null;
}
