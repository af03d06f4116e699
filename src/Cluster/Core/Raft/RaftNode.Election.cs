namespace Quorate.Core.Raft;

/// <summary>Elections: Raft §5.2 and §5.4.1; pre-vote and check-quorum from dissertation §9.6 and §6.2.</summary>
public sealed partial class RaftNode
{
    private readonly SortedDictionary<NodeId, bool> _votes = [];

    private ElectionCause _cause = ElectionCause.Timeout;
    private int _electionElapsed;
    private int _electionTimeout;
    private int _ticksSinceLeader;

    private int _ticksSinceStart;

    // Counts down to a campaign after the leader's connection was lost; -1 when none is planned.
    private int _earlyCampaignIn = -1;

    /// <summary>
    /// The connection to a member was reset or closed. If it leads, its process is probably dead: voters stop waiting for it,
    /// the first in order campaigns at once and the others a little later, so that they do not split the vote.
    /// </summary>
    public void ConnectionLost(NodeId peer)
    {
        if (Role == RaftRole.Leader || peer != Leader || peer.IsNone || _config.LeaseReads || !MayStand)
        {
            return;
        }

        _electionElapsed = _config.ElectionTicksMin;
        var rank = 0;
        foreach (var voter in Membership.Voters)
        {
            rank += voter != peer && voter.CompareTo(Id) < 0 ? 1 : 0;
        }

        _earlyCampaignIn = rank * _config.ConnectionLostStaggerTicks;
        if (_earlyCampaignIn == 0)
        {
            CampaignEarly();
        }
    }

    /// <summary>Stands for election now, without asking first whether it would win: an operator wants it.</summary>
    /// <returns>
    /// False when this node leads, has no vote, or, with <see cref="RaftConfig.LeaseReads"/>, may not break the lease of a leader.
    /// </returns>
    public bool Campaign()
    {
        if (Role == RaftRole.Leader || !Membership.IsVoter(Id) || (_config.LeaseReads && InLease()))
        {
            return false;
        }

        StartElection(ElectionCause.Operator, force: !_config.LeaseReads);
        return true;
    }

    private void TickFollower()
    {
        _electionElapsed++;
        _ticksSinceStart++;
        if (_ticksSinceLeader >= 0)
        {
            _ticksSinceLeader++;
        }

        if (_earlyCampaignIn > 0)
        {
            // The ordinary timer, nearly run down by now, must not overtake those whose turn is first.
            if (--_earlyCampaignIn == 0)
            {
                CampaignEarly();
            }
        }
        else if (_electionElapsed >= _electionTimeout && MayStand)
        {
            StartPreVote(_ticksSinceLeader < 0 && _log.LastIndex == LogIndex.Zero ? ElectionCause.Bootstrap : ElectionCause.Timeout);
        }
    }

    private void CampaignEarly() => StartPreVote(ElectionCause.ConnectionLost);

    /// <summary>Handles the terms of a message. Answers whether the message still deserves to be handled.</summary>
    private bool AdmitTerm(Message message)
    {
        if (message.Term > Term)
        {
            if (message is VoteRequest { Force: false } && InLease())
            {
                // A leader is alive as far as this node knows: whoever asks was cut off or removed.
                return false;
            }

            if (message is VoteRequest { PreVote: true } or VoteResponse { PreVote: true, Granted: true })
            {
                return true;
            }

            BecomeFollower(message.Term, message is AppendRequest or HeartbeatRequest or SnapshotChunk ? message.From : NodeId.None);
            return true;
        }

        if (message.Term < Term)
        {
            switch (message)
            {
                case AppendRequest or HeartbeatRequest or SnapshotChunk:
                    // Tells a leader of an old term that it is one.
                    _sendAfterSave.Add(new AppendResponse(
                        _config.Group, Id, message.From, Term, Accepted: false, LogIndex.Zero, LogIndex.Zero, Term.Zero));
                    break;
                case VoteRequest { PreVote: true }:
                    _sendAfterSave.Add(new VoteResponse(_config.Group, Id, message.From, Term, PreVote: true, Granted: false));
                    break;
            }

            return false;
        }

        return true;
    }

    // A node that just started may have promised a lease and forgotten it with the restart.
    private bool InLease() =>
        Role == RaftRole.Leader
        || (!Leader.IsNone && _electionElapsed < _config.ElectionTicksMin)
        || (_config.LeaseReads && _ticksSinceStart < _config.ElectionTicksMin);

    private void BecomeFollower(Term term, NodeId leader)
    {
        if (Role == RaftRole.Leader)
        {
            AbandonLeadership();
        }

        if (term != Term)
        {
            Term = term;
            VotedFor = NodeId.None;
        }

        Role = RaftRole.Follower;
        Leader = leader;
        _earlyCampaignIn = -1;
        ResetElectionTimer();
    }

    private void ResetElectionTimer()
    {
        _electionElapsed = 0;
        _electionTimeout = _jitter.Next(_config.ElectionTicksMin, _config.ElectionTicksMax);
    }

    /// <summary>A message of the current leader arrived.</summary>
    private void HearLeader(NodeId leader)
    {
        if (Role == RaftRole.Leader)
        {
            throw new InvalidOperationException($"{leader} and {Id} both lead term {Term}");
        }

        if (Role != RaftRole.Follower)
        {
            BecomeFollower(Term, leader);
        }

        Leader = leader;
        _electionElapsed = 0;
        _ticksSinceLeader = 0;
        _earlyCampaignIn = -1;
    }

    private void StartPreVote(ElectionCause cause)
    {
        _cause = cause;
        Role = RaftRole.PreCandidate;
        Leader = NodeId.None;
        _earlyCampaignIn = -1;
        ResetElectionTimer();
        _votes.Clear();
        _votes[Id] = true;
        if (Membership.HasQuorum(Granted))
        {
            StartElection(cause, force: false);
            return;
        }

        AskForVotes(Term.Next, preVote: true, force: false);
    }

    private void StartElection(ElectionCause cause, bool force)
    {
        _cause = cause;
        Role = RaftRole.Candidate;
        Leader = NodeId.None;
        Term = Term.Next;
        VotedFor = Id;
        _earlyCampaignIn = -1;
        ResetElectionTimer();
        _votes.Clear();
        _votes[Id] = true;
        AskForVotes(Term, preVote: false, force);
        if (Membership.HasQuorum(Granted))
        {
            BecomeLeader();
        }
    }

    // After the save: the own vote must be durable before anyone can learn of the candidacy.
    private void AskForVotes(Term term, bool preVote, bool force)
    {
        foreach (var voter in Membership.All())
        {
            if (voter != Id && Membership.IsVoter(voter))
            {
                _sendAfterSave.Add(new VoteRequest(
                    _config.Group, Id, voter, term, _log.LastIndex, _log.LastTerm, preVote, force));
            }
        }
    }

    private void OnVoteRequest(VoteRequest request)
    {
        var mayVote = request.PreVote
            ? request.Term > Term && (request.Force || !InLease())
            : VotedFor == request.From || (VotedFor.IsNone && Leader.IsNone);
        var granted = mayVote && _log.IsUpToDate(request.LastIndex, request.LastTerm);
        if (granted && !request.PreVote)
        {
            VotedFor = request.From;
            _electionElapsed = 0;
        }

        if (granted && _earlyCampaignIn >= 0)
        {
            // Somebody else is already on the way: give it the time of an election before trying too.
            _earlyCampaignIn += _config.ConnectionLostStaggerTicks;
        }

        var term = granted ? request.Term : Term;
        _sendAfterSave.Add(new VoteResponse(_config.Group, Id, request.From, term, request.PreVote, granted));
    }

    private void OnVoteResponse(VoteResponse response)
    {
        var expected = response.PreVote ? RaftRole.PreCandidate : RaftRole.Candidate;
        if (Role != expected || (response.Granted && response.Term != (response.PreVote ? Term.Next : Term)))
        {
            return;
        }

        _votes[response.From] = response.Granted;
        if (Membership.HasQuorum(Granted))
        {
            if (response.PreVote)
            {
                StartElection(_cause, force: false);
            }
            else
            {
                BecomeLeader();
            }
        }
        else if (!Membership.HasQuorum(CouldStillGrant))
        {
            BecomeFollower(Term, NodeId.None);
        }
    }

    /// <summary>
    /// Whether term and own vote of a leader are certain to survive a crash: another voter answered, who was asked only after
    /// they were saved, or an entry of the term is saved. Only a voter that needs no other can lead before that.
    /// </summary>
    private bool TermIsDurable => _votes.Count > 1 || _log.TermAt(_log.Saved) == Term;

    /// <summary>
    /// A voter, or one until the newest configuration in the log, as long as that is not known to be committed: this node may be the
    /// only one that has it, and the others cannot elect anybody with a shorter log (dissertation §4.2.2). Its own vote does not count.
    /// </summary>
    private bool MayStand =>
        Membership.IsVoter(Id)
        || (_config.Mutation != Mutation.LeavingVoterAbstains && _memberships.Count > 1 && _memberships[^1].Index > CommitIndex && _memberships[^2].Value.IsVoter(Id));

    private bool Granted(NodeId node) => _votes.TryGetValue(node, out var granted) && granted;

    private bool CouldStillGrant(NodeId node) => !_votes.TryGetValue(node, out var granted) || granted;

    private void BecomeLeader()
    {
        Role = RaftRole.Leader;
        Leader = Id;
        _electionElapsed = 0;
        BeginReplication();
        BeginReads();
        _pendingMembership = _log.LastIndex;
        var votes = new List<NodeId>();
        foreach (var (node, granted) in _votes)
        {
            if (granted)
            {
                votes.Add(node);
            }
        }

        var start = new TermStart(Id, _cause, votes, _ticksSinceLeader < 0 ? -1 : (long)_ticksSinceLeader * _config.TickMs);
        AppendOwn(EntryKind.TermStart, RaftDataCodec.Encode(start));
        if (_memberships[^1].Index == LogIndex.Zero)
        {
            // The founding members are known from configuration only: put them into the log, for members that join later.
            ProposeMembership(Membership);
        }

        _ticksSinceLeader = 0;
    }

    private void StepDown()
    {
        BecomeFollower(Term, NodeId.None);
        _ticksSinceLeader = 0;
    }

    private void AbandonLeadership()
    {
        EndReads();
        EndReplication();
        EndTransfer();
    }
}
