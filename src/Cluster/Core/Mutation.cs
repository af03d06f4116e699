namespace Quorate.Core;

/// <summary>
/// Classic mistakes, built in on purpose: the simulation commits one at a time and must notice. Nothing but the simulation can
/// set any of them; everywhere else the value is <see cref="None"/>.
/// </summary>
internal enum Mutation : byte
{
    None = 0,

    /// <summary>An entry of an earlier term counts as committed once a majority has it (Raft figure 8).</summary>
    CommitPriorTermByCounting,

    /// <summary>A node forgets with a crash whom it voted for.</summary>
    VoteNotPersisted,

    /// <summary>A new leader answers reads before it knows how far its predecessors committed.</summary>
    ReadBeforeFirstCommit,

    /// <summary>An append that arrives late takes back what a newer one brought.</summary>
    TruncateAfterStaleAppend,

    /// <summary>Several members change at once without a joint configuration between.</summary>
    SingleStepDoubleChange,

    /// <summary>A lease is counted from the answers instead of from when the question left.</summary>
    LeaseFromReply,

    /// <summary>Votes and acknowledgements leave before the disk has what they promise.</summary>
    AckBeforeFsync,

    /// <summary>A snapshot is written from a state that goes on changing.</summary>
    SnapshotRacesLog,

    /// <summary>A write that comes again is applied again.</summary>
    RetryAppliedTwice,

    /// <summary>A lock counts as expired, and is given to the next, before its time is over.</summary>
    LockRegrantedEarly,

    /// <summary>A message that was acked goes back into its queue.</summary>
    AckedMessageRedelivered,

    /// <summary>What a leader misses of the time while its process is stopped does not count for its lease.</summary>
    LeaseStandsStill,

    /// <summary>A gateway takes a late refusal of an earlier attempt for one of the last, and hands over again what the leader has already.</summary>
    LateRefusalBelieved,

    /// <summary>A voter whose leaving is in its log and not committed does not stand, though nobody else can win.</summary>
    LeavingVoterAbstains,

    /// <summary>A transaction of which a part is refused does the rest.</summary>
    TransactionInParts,

    /// <summary>Whoever stands in an election leads it, though somebody leads already, in the same term.</summary>
    CandidateJoinsLeader,

    /// <summary>An event that a rule keeps from everybody takes a number all the same.</summary>
    DroppedEventNumbered,

    /// <summary>A watch that was cut goes on one revision after the one that it was told last.</summary>
    WatchSkipsRevision,
}
