using Quorate.Core.Clocks;

namespace Quorate.Core.Raft;

public enum RaftRole : byte
{
    Follower,
    PreCandidate,
    Candidate,
    Leader,
}

/// <summary>
/// Raft (Ongaro and Ousterhout 2014; Ongaro's dissertation) as a function from inputs to outputs. It never awaits, reads no
/// clock and draws no random number: messages, ticks and proposals go in, <see cref="TakeReady"/> says what to save, send and apply.
/// </summary>
/// <remarks>
/// Not thread-safe; one host loop owns it. The duties are in files of their own:
/// <list type="bullet">
/// <item>Election: timeouts, pre-vote, votes, becoming leader, stepping down.</item>
/// <item>Replication: proposals, appends, windows, commit.</item>
/// <item>Reads: ReadIndex rounds and leases.</item>
/// <item>Membership: joint changes, learners.</item>
/// <item>Snapshots: compaction and chunked installation.</item>
/// <item>Transfer: handing leadership over.</item>
/// </list>
/// </remarks>
public sealed partial class RaftNode
{
    private readonly RaftConfig _config;
    private readonly IElectionJitter _jitter;
    private readonly RaftLog _log;
    private readonly List<Message> _sendAtOnce = [];
    private readonly List<Message> _sendAfterSave = [];

    private HardState _handedHardState;
    private SnapshotMeta? _snapshotToSave;
    private LogIndex _handedCommit;
    private long _physicalMs;

    public RaftNode(RaftConfig config, RestoredState restored, IElectionJitter jitter)
    {
        config.Validate();
        _config = config;
        _jitter = jitter;
        _log = new RaftLog(restored.Snapshot, restored.Entries);
        _memberships.Add((restored.Snapshot.Index, restored.Snapshot.Membership));
        foreach (var entry in restored.Entries)
        {
            NoteMembership(entry);
        }

        Term = restored.HardState.Term;
        VotedFor = restored.HardState.VotedFor;
        _handedHardState = new HardState(Term, VotedFor, LogIndex.Zero);
        CommitIndex = _handedCommit = restored.Snapshot.Index;
        BecomeFollower(Term, NodeId.None);
        _ticksSinceLeader = -1;
    }

    public NodeId Id => _config.Id;

    public RaftRole Role { get; private set; }

    public Term Term { get; private set; }

    public NodeId VotedFor { get; private set; } = NodeId.None;

    /// <summary>Who leads the current term, as far as this node knows.</summary>
    public NodeId Leader { get; private set; } = NodeId.None;

    public LogIndex CommitIndex { get; private set; }

    public LogIndex LastIndex => _log.LastIndex;

    public LogIndex SavedIndex => _log.Saved;

    public SnapshotMeta Snapshot => _log.Snapshot;

    /// <summary>The term of an entry of this node's log; null when it is compacted away or not there. For whoever checks the log from outside.</summary>
    internal Term? TermAt(LogIndex index) => _log.TermAt(index);

    /// <summary>Ticks since a leader was last heard from; 0 on the leader, -1 when there never was one.</summary>
    public int TicksSinceLeader => Role == RaftRole.Leader ? 0 : _ticksSinceLeader;

    /// <summary>Tells the wall clock. Only a leader uses it, to stamp entries; it need not be monotonic.</summary>
    /// <param name="unixMs">Milliseconds since 1970-01-01 UTC.</param>
    public void ObserveTime(long unixMs) => _physicalMs = unixMs;

    /// <summary>One unit of time has passed.</summary>
    public void Tick()
    {
        if (Role == RaftRole.Leader)
        {
            TickLeader();
        }
        else
        {
            TickFollower();
        }
    }

    /// <summary>Takes a message from another node. Messages of other groups or to other nodes are a mistake of the host.</summary>
    /// <exception cref="ArgumentException">The message is not for this node.</exception>
    public void Step(Message message)
    {
        if (message.To != Id || message.Group != _config.Group)
        {
            throw new ArgumentException($"message for {message.To} in group {message.Group} reached {Id} in group {_config.Group}");
        }

        if (!AdmitTerm(message))
        {
            return;
        }

        switch (message)
        {
            case VoteRequest vote:
                OnVoteRequest(vote);
                break;
            case VoteResponse vote:
                OnVoteResponse(vote);
                break;
            case AppendRequest append:
                OnAppendRequest(append);
                break;
            case AppendResponse append:
                OnAppendResponse(append);
                break;
            case HeartbeatRequest heartbeat:
                OnHeartbeatRequest(heartbeat);
                break;
            case HeartbeatResponse heartbeat:
                OnHeartbeatResponse(heartbeat);
                break;
            case SnapshotResponse snapshot:
                OnSnapshotResponse(snapshot);
                break;
            case TimeoutNow:
                OnTimeoutNow();
                break;
            case SnapshotChunk:
                throw new ArgumentException($"store the chunk first, then call {nameof(StepSnapshot)}");
            default:
                throw new System.Diagnostics.UnreachableException(message.GetType().Name);
        }
    }

    /// <summary>Whether <see cref="TakeReady"/> would answer anything.</summary>
    public bool HasReady =>
        _sendAtOnce.Count > 0
        || _sendAfterSave.Count > 0
        || _snapshotToSave is not null
        || _log.Handed < _log.LastIndex
        || _handedCommit < CommitIndex
        || _reads.Count > 0
        || _handedHardState.Term != Term
        || _handedHardState.VotedFor != VotedFor
        || (Role == RaftRole.Leader && (HasAppendsToSend() || ReadRoundDue));

    /// <summary>
    /// What there is to do since the last call, each thing handed out once. The host follows the order that <see cref="Ready"/> states.
    /// </summary>
    public Ready TakeReady()
    {
        if (Role == RaftRole.Leader)
        {
            StartReadRound();
            SendAppends();
        }

        if (Role == RaftRole.Leader && !TermIsDurable)
        {
            // Were this node to crash now, it could win the same term again with other entries in it.
            _sendAfterSave.AddRange(Take(_sendAtOnce));
        }

        var hardState = new HardState(Term, VotedFor, CommitIndex);
        var hardStateChanged = _handedHardState.Term != Term || _handedHardState.VotedFor != VotedFor;
        _handedHardState = hardState;
        var ready = new Ready
        {
            HardState = hardStateChanged ? hardState : null,
            Snapshot = _snapshotToSave,
            Entries = _log.TakeUnsaved(),
            SendAtOnce = Take(_sendAtOnce),
            SendAfterSave = Take(_sendAfterSave),
            Committed = TakeCommitted(),
            Reads = Take(_reads),
        };
        _snapshotToSave = null;
        return ready;
    }

    /// <summary>
    /// A save is durable up to an entry. Saves finish in the order they were taken; entries overwritten meanwhile do not count.
    /// </summary>
    public void Saved(LogIndex index, Term term)
    {
        _log.MarkSaved(index, term);
        if (Role == RaftRole.Leader)
        {
            AdvanceCommit();
        }
    }

    private HlcTimestamp NextTime() => HlcTimestamp.After(_log.LastTime, _physicalMs);

    private IReadOnlyList<Entry> TakeCommitted()
    {
        if (_handedCommit == CommitIndex)
        {
            return [];
        }

        var count = (int)Math.Min(CommitIndex - _handedCommit, _config.MaxCommittedEntries);
        var entries = _log.Slice(_handedCommit.Next, count, long.MaxValue);
        _handedCommit += entries.Count;
        return entries;
    }

    private static T[] Take<T>(List<T> list)
    {
        if (list.Count == 0)
        {
            return [];
        }

        var items = list.ToArray();
        list.Clear();
        return items;
    }
}
