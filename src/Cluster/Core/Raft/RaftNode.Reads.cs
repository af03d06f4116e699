namespace Quorate.Core.Raft;

/// <summary>
/// Linearizable reads without a log entry: ReadIndex (dissertation §6.4) and, when configured, leases (§6.4.1).
/// Many reads share one round of heartbeats; one round is out at a time and the next takes everything that came meanwhile.
/// </summary>
public sealed partial class RaftNode
{
    // Send times of rounds, newest last; more than this many unanswered rounds are not worth a lease.
    private const int MaxTrackedRounds = 64;

    private readonly List<ReadState> _reads = [];
    private readonly List<long> _earlyReads = [];
    private readonly List<long> _waitingReads = [];
    private readonly List<long> _roundReads = [];
    private readonly Queue<(long Round, long SentTick)> _rounds = new();

    private long _readRound;
    private long _readsRound;
    private LogIndex _roundIndex;
    private long _leaderTick;
    private long _leaseUntilTick;

    // Once this leader told another to stand, however long ago, voters may elect it against the lease.
    private bool _allowedForcedElection;

    private bool ReadRoundDue => _waitingReads.Count > 0 && _roundReads.Count == 0;

    private bool HasCommittedInTerm => _log.TermAt(CommitIndex) == Term;

    /// <summary>
    /// Asks from which index on a read sees every write that was acknowledged before now. Answered in <see cref="Ready.Reads"/>,
    /// with no index when this node does not lead.
    /// </summary>
    /// <param name="requestId">Chosen by the host, given back with the answer.</param>
    /// <param name="ticksLate">
    /// Ticks that have passed and that the host has not reported yet, because it was busy or stood still. A lease runs out all the same.
    /// </param>
    public void ReadIndex(long requestId, long ticksLate = 0)
    {
        if (Role != RaftRole.Leader)
        {
            _reads.Add(new ReadState(requestId, null));
        }
        else if (!HasCommittedInTerm && _config.Mutation != Mutation.ReadBeforeFirstCommit)
        {
            // Until then the leader does not know how far its predecessors committed.
            _earlyReads.Add(requestId);
        }
        else if (_config.LeaseReads && _leaderTick + ticksLate < _leaseUntilTick && !_allowedForcedElection)
        {
            _reads.Add(new ReadState(requestId, CommitIndex));
        }
        else
        {
            _waitingReads.Add(requestId);
        }
    }

    /// <summary>
    /// Ticks passed that the host will not report one by one, because the process was stopped for longer than it makes up for. Only
    /// leases count them: to the others they are time in which nobody could be heard.
    /// </summary>
    public void TicksSkipped(long ticks) => _leaderTick += ticks;

    private void BeginReads()
    {
        _rounds.Clear();
        _leaderTick = 0;
        _leaseUntilTick = 0;
        _allowedForcedElection = false;
    }

    private void EndReads()
    {
        foreach (var list in (ReadOnlySpan<List<long>>)[_earlyReads, _waitingReads, _roundReads])
        {
            foreach (var id in list)
            {
                _reads.Add(new ReadState(id, null));
            }

            list.Clear();
        }

        _leaseUntilTick = 0;
    }

    private void ReleaseEarlyReads()
    {
        if (_earlyReads.Count > 0 && HasCommittedInTerm)
        {
            _waitingReads.AddRange(_earlyReads);
            _earlyReads.Clear();
        }
    }

    private void TickLease() => _leaderTick++;

    private void StartReadRound()
    {
        if (!ReadRoundDue)
        {
            return;
        }

        _roundReads.AddRange(_waitingReads);
        _waitingReads.Clear();
        _roundIndex = CommitIndex;
        SendHeartbeats();
        _readsRound = _readRound;
        FinishReadRound();
    }

    /// <summary>Numbers the round of heartbeats about to be sent and notes when: a lease counts from here, not from the answers.</summary>
    private void NoteRoundSent()
    {
        _readRound++;
        _rounds.Enqueue((_readRound, _leaderTick));
        if (_rounds.Count > MaxTrackedRounds)
        {
            _rounds.Dequeue();
        }
    }

    private void ConfirmRound(Progress progress, long round)
    {
        progress.ReadRound = Math.Max(progress.ReadRound, round);
        ExtendLease();
        FinishReadRound();
    }

    private void FinishReadRound()
    {
        if (_roundReads.Count == 0 || !Membership.HasQuorum(node => Confirmed(node, _readsRound)))
        {
            return;
        }

        foreach (var id in _roundReads)
        {
            _reads.Add(new ReadState(id, _roundIndex));
        }

        _roundReads.Clear();
    }

    private void ExtendLease()
    {
        while (_rounds.TryPeek(out var round) && Membership.HasQuorum(node => Confirmed(node, round.Round)))
        {
            _rounds.Dequeue();
            var length = _config.ElectionTicksMin * (100 - _config.LeaseDriftPercent) / 100;
            var from = _config.Mutation == Mutation.LeaseFromReply ? _leaderTick : round.SentTick;
            _leaseUntilTick = Math.Max(_leaseUntilTick, from + length);
        }
    }

    private bool Confirmed(NodeId node, long round) =>
        node == Id || (_progress.TryGetValue(node, out var progress) && progress.ReadRound >= round);
}
