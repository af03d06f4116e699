namespace Quorate.Core.Raft;

/// <summary>
/// What nodes say to each other. A closed hierarchy: The message codec and <see cref="RaftNode"/> know every case.
/// </summary>
/// <param name="Term">The sender's term; for a pre-vote request the term it would stand in.</param>
public abstract record Message(GroupId Group, NodeId From, NodeId To, Term Term);

/// <summary>Asks for a vote (Raft §5.2).</summary>
/// <param name="PreVote">Asks only whether a vote would be granted; changes no state (dissertation §9.6).</param>
/// <param name="Force">Set during a leadership transfer: the receiver votes although it has heard from a leader (dissertation §4.2.3).</param>
public sealed record VoteRequest(GroupId Group, NodeId From, NodeId To, Term Term, LogIndex LastIndex, Term LastTerm, bool PreVote, bool Force)
    : Message(Group, From, To, Term);

public sealed record VoteResponse(GroupId Group, NodeId From, NodeId To, Term Term, bool PreVote, bool Granted)
    : Message(Group, From, To, Term);

/// <summary>Replicates entries (Raft §5.3). Without entries it probes or carries a new commit index.</summary>
public sealed record AppendRequest(
    GroupId Group, NodeId From, NodeId To, Term Term,
    LogIndex PreviousIndex, Term PreviousTerm, LogIndex Commit, IReadOnlyList<Entry> Entries)
    : Message(Group, From, To, Term);

/// <summary>Answers an append.</summary>
/// <param name="Accepted">Whether the previous entry matched.</param>
/// <param name="Index">When accepted: the last index known to match. When rejected: the previous index that did not match.</param>
/// <param name="HintIndex">When rejected: the last index that may match, with its term, so that whole terms are skipped at once.</param>
public sealed record AppendResponse(
    GroupId Group, NodeId From, NodeId To, Term Term, bool Accepted, LogIndex Index, LogIndex HintIndex, Term HintTerm)
    : Message(Group, From, To, Term);

/// <summary>Keeps the leader's authority alive; also confirms it for reads.</summary>
/// <param name="Commit">At most what the receiver is known to have.</param>
/// <param name="ReadRound">The newest round of reads waiting for confirmation; answered back.</param>
public sealed record HeartbeatRequest(GroupId Group, NodeId From, NodeId To, Term Term, LogIndex Commit, long ReadRound)
    : Message(Group, From, To, Term);

public sealed record HeartbeatResponse(GroupId Group, NodeId From, NodeId To, Term Term, long ReadRound)
    : Message(Group, From, To, Term);

/// <summary>
/// One chunk of a snapshot. Core decides which chunk is due; the host fills in <see cref="Data"/> and <see cref="Done"/>
/// from its store just before sending.
/// </summary>
public sealed record SnapshotChunk(
    GroupId Group, NodeId From, NodeId To, Term Term, SnapshotMeta Meta, long Offset, ReadOnlyMemory<byte> Data, bool Done)
    : Message(Group, From, To, Term);

/// <param name="NextOffset">Bytes received without a gap; the leader goes on from there.</param>
/// <param name="Installed">The whole snapshot is in place.</param>
public sealed record SnapshotResponse(GroupId Group, NodeId From, NodeId To, Term Term, LogIndex SnapshotIndex, long NextOffset, bool Installed)
    : Message(Group, From, To, Term);

/// <summary>Tells the receiver to start an election at once (dissertation §3.10).</summary>
public sealed record TimeoutNow(GroupId Group, NodeId From, NodeId To, Term Term)
    : Message(Group, From, To, Term);

/// <summary>How an election came about; recorded with the term it began.</summary>
public enum ElectionCause : byte
{
    Bootstrap = 1,
    Timeout = 2,
    ConnectionLost = 3,
    Transfer = 4,
    Operator = 5,
}

/// <summary>What a leader writes into the first entry of its term.</summary>
/// <param name="LeaderlessMs">Milliseconds since the winner last heard from a leader, to the tick; -1 when it never had.</param>
public sealed record TermStart(NodeId Leader, ElectionCause Cause, IReadOnlyList<NodeId> Votes, long LeaderlessMs);
