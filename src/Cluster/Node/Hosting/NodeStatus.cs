using Quorate.Core.Raft;

namespace Quorate.Node.Hosting;

/// <summary>What a node says about itself.</summary>
/// <param name="SinceLeader">Time since it heard from a leader, zero on the leader, null when it never did.</param>
/// <param name="Members">On a leader: what it knows of the others.</param>
/// <param name="RoundTrips">On a leader: how long the others take to acknowledge entries, on average; those that acknowledged none lately are left out.</param>
/// <param name="Mark">The state hash at the newest entry that asked for one; null before the first.</param>
/// <param name="Failure">Why the node stopped by itself; null while it works.</param>
public sealed record NodeStatus(
    NodeId Id,
    RaftRole Role,
    Term Term,
    NodeId Leader,
    NodeId VotedFor,
    LogIndex CommitIndex,
    LogIndex AppliedIndex,
    LogIndex LastIndex,
    LogIndex SnapshotIndex,
    Membership Membership,
    TimeSpan? SinceLeader,
    IReadOnlyList<MemberProgress> Members,
    IReadOnlyList<PeerRoundTrip> RoundTrips,
    DateTimeOffset StartedAt,
    LatencyFigures Fsync,
    int InboxLength,
    int SaveQueueLength,
    int ApplyQueueLength,
    bool HasRoom,
    string? Failure,
    StateHashAt? Mark);

/// <param name="RoundTrip">From sending entries to the peer until it acknowledged them, its fsync included.</param>
public readonly record struct PeerRoundTrip(NodeId Peer, TimeSpan RoundTrip);

/// <summary>Percentiles over the last ten seconds; null when nothing was measured.</summary>
public readonly record struct LatencyFigures(TimeSpan? P50, TimeSpan? P99);
