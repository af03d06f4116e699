namespace Quorate.Core.Raft;

/// <summary>Log replication: Raft §5.3, with pipelined appends and the fast backtracking sketched at its end.</summary>
public sealed partial class RaftNode
{
    // Sorted, so that messages leave in the same order on every run.
    private readonly SortedDictionary<NodeId, Progress> _progress = [];

    private int _heartbeatElapsed;
    private long _uncommittedBytes;

    /// <summary>What this leader knows about the other members; empty elsewhere.</summary>
    public IEnumerable<MemberProgress> Members
    {
        get
        {
            foreach (var progress in _progress.Values)
            {
                yield return new MemberProgress(
                    progress.Id, progress.State, progress.Match, progress.Next, progress.InflightAppends, progress.RecentlyActive);
            }
        }
    }

    private void BeginReplication()
    {
        _progress.Clear();
        _heartbeatElapsed = 0;
        _uncommittedBytes = 0;
        SyncProgress();
    }

    private void EndReplication()
    {
        _progress.Clear();
        _uncommittedBytes = 0;
    }

    private void TickLeader()
    {
        _electionElapsed++;
        _heartbeatElapsed++;
        TickTransfer();
        TickLease();
        if (_electionElapsed >= _config.ElectionTicksMin)
        {
            _electionElapsed = 0;
            if (!QuorumWasActive())
            {
                // Check-quorum: a leader cut off from the majority must not go on believing.
                StepDown();
                return;
            }
        }

        var beat = _heartbeatElapsed >= _config.HeartbeatTicks;
        _heartbeatElapsed = beat ? 0 : _heartbeatElapsed;
        if (beat)
        {
            SendHeartbeats();
        }

        foreach (var progress in _progress.Values)
        {
            if (progress.SnapshotWait >= 0)
            {
                progress.SnapshotWait++;
            }

            // The news of a commit travels with the next append; when none comes, by itself, at most a tick later.
            if (progress.State == ProgressState.Replicate && progress.CommitSent < LogIndex.Min(CommitIndex, progress.Match))
            {
                SendAppend(progress, []);
            }
        }
    }

    private bool QuorumWasActive()
    {
        var active = Membership.HasQuorum(node => node == Id || (_progress.TryGetValue(node, out var p) && p.RecentlyActive));
        foreach (var progress in _progress.Values)
        {
            progress.RecentlyActive = false;
        }

        return active;
    }

    private void SendHeartbeats()
    {
        NoteRoundSent();
        foreach (var progress in _progress.Values)
        {
            var commit = LogIndex.Min(CommitIndex, progress.Match);
            progress.CommitSent = LogIndex.Max(progress.CommitSent, commit);
            _sendAtOnce.Add(new HeartbeatRequest(_config.Group, Id, progress.Id, Term, commit, _readRound));
        }
    }

    private bool HasAppendsToSend()
    {
        foreach (var progress in _progress.Values)
        {
            if (CanSend(progress))
            {
                return true;
            }
        }

        return false;
    }

    private bool CanSend(Progress progress) => progress.State switch
    {
        ProgressState.Probe => !progress.ProbeSent,
        ProgressState.Replicate => progress.Next <= _log.LastIndex && !WindowFull(progress),
        ProgressState.Snapshot => progress.SnapshotWait < 0,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private bool WindowFull(Progress progress) =>
        progress.InflightAppends >= _config.MaxInflightAppends || progress.InflightBytes >= _config.MaxInflightBytes;

    private void SendAppends()
    {
        foreach (var progress in _progress.Values)
        {
            while (CanSend(progress))
            {
                if (progress.State == ProgressState.Snapshot || progress.Next <= _log.Snapshot.Index)
                {
                    SendSnapshotChunk(progress);
                    break;
                }

                var entries = progress.Next <= _log.LastIndex
                    ? _log.Slice(progress.Next, _config.MaxAppendEntries, _config.MaxAppendBytes)
                    : [];
                SendAppend(progress, entries);
            }
        }
    }

    private void SendAppend(Progress progress, IReadOnlyList<Entry> entries)
    {
        var previous = progress.Next.Previous;
        if (_log.TermAt(previous) is not { } previousTerm)
        {
            SendSnapshotChunk(progress);
            return;
        }

        _sendAtOnce.Add(new AppendRequest(_config.Group, Id, progress.Id, Term, previous, previousTerm, CommitIndex, entries));
        progress.CommitSent = CommitIndex;
        if (progress.State == ProgressState.Probe)
        {
            progress.ProbeSent = true;
        }
        else if (entries.Count > 0)
        {
            var bytes = 0;
            foreach (var entry in entries)
            {
                bytes += entry.Size;
            }

            progress.Sent(entries[^1].Index, bytes);
        }
    }

    private void OnAppendRequest(AppendRequest request)
    {
        HearLeader(request.From);
        if (request.PreviousIndex < CommitIndex)
        {
            // Everything committed is known to match: answer with that, and let the leader skip it.
            if (request.PreviousIndex + request.Entries.Count <= CommitIndex)
            {
                Accept(request.From, CommitIndex);
                return;
            }
        }
        else if (!_log.Matches(request.PreviousIndex, request.PreviousTerm))
        {
            var hint = _log.LastNotAfter(LogIndex.Min(request.PreviousIndex, _log.LastIndex), request.PreviousTerm);
            _sendAfterSave.Add(new AppendResponse(
                _config.Group, Id, request.From, Term, Accepted: false, request.PreviousIndex, hint, _log.TermAt(hint) ?? Term.Zero));
            return;
        }

        foreach (var entry in request.Entries)
        {
            if (entry.Index <= CommitIndex || _log.Matches(entry.Index, entry.Term))
            {
                continue;
            }

            // Only a real conflict may shorten the log: an old append must not undo a newer one.
            if (entry.Index <= _log.LastIndex)
            {
                TruncateFrom(entry.Index);
            }
            else if (IsLogFull)
            {
                // As if it had been lost: the leader repeats it, no more than one append with each heartbeat.
                CommitTo(LogIndex.Min(request.Commit, request.PreviousIndex));
                return;
            }

            _log.Append(entry);
            NoteMembership(entry);
        }

        var match = LogIndex.Max(CommitIndex, request.PreviousIndex + request.Entries.Count);
        if (_config.Mutation == Mutation.TruncateAfterStaleAppend && match < _log.LastIndex)
        {
            TruncateFrom(match.Next);
        }

        CommitTo(LogIndex.Min(request.Commit, match));
        Accept(request.From, match);
    }

    private void Accept(NodeId leader, LogIndex match) => _sendAfterSave.Add(new AppendResponse(
        _config.Group, Id, leader, Term, Accepted: true, match, LogIndex.Zero, Term.Zero));

    private void TruncateFrom(LogIndex from)
    {
        if (from <= CommitIndex)
        {
            throw new InvalidOperationException($"{Id} was asked to undo committed entry {from}; committed up to {CommitIndex}");
        }

        _log.Truncate(from);
        ForgetMemberships(from);
    }

    private void OnAppendResponse(AppendResponse response)
    {
        if (Role != RaftRole.Leader || !_progress.TryGetValue(response.From, out var progress))
        {
            return;
        }

        progress.RecentlyActive = true;
        if (response.Accepted)
        {
            if (progress.Acknowledge(response.Index))
            {
                AdvanceCommit();
                ContinueTransfer(progress);
            }

            return;
        }

        var rejectedIsCurrent = progress.State switch
        {
            ProgressState.Probe => response.Index == progress.Next.Previous,
            ProgressState.Replicate => response.Index > progress.Match,
            _ => false,
        };
        if (rejectedIsCurrent)
        {
            var common = _log.LastNotAfter(response.HintIndex, response.HintTerm);
            progress.Probe(LogIndex.Min(response.Index, common.Next));
        }
    }

    private void OnHeartbeatRequest(HeartbeatRequest request)
    {
        HearLeader(request.From);
        CommitTo(LogIndex.Min(request.Commit, _log.LastIndex));
        _sendAfterSave.Add(new HeartbeatResponse(_config.Group, Id, request.From, Term, request.ReadRound));
    }

    private void OnHeartbeatResponse(HeartbeatResponse response)
    {
        if (Role != RaftRole.Leader || !_progress.TryGetValue(response.From, out var progress))
        {
            return;
        }

        progress.RecentlyActive = true;
        ConfirmRound(progress, response.ReadRound);
        switch (progress.State)
        {
            case ProgressState.Probe:
                progress.ProbeSent = false;
                break;
            case ProgressState.Replicate when progress.Match < _log.LastIndex && progress.Next > progress.Match.Next:
                // Answers are outstanding; if the appends were lost, this one is rejected and the probe begins.
                SendAppend(progress, []);
                break;
            case ProgressState.Snapshot when progress.SnapshotWait >= _config.ElectionTicksMin:
                progress.SnapshotWait = -1;
                break;
        }
    }

    private void AdvanceCommit()
    {
        var reached = Membership.QuorumIndex(node =>
            node == Id ? _log.Saved : _progress.TryGetValue(node, out var progress) ? progress.Match : LogIndex.Zero);

        // Raft §5.4.2: entries of earlier terms commit only through one of the leader's own.
        if (reached > CommitIndex && (_log.TermAt(reached) == Term || _config.Mutation == Mutation.CommitPriorTermByCounting))
        {
            CommitTo(reached);
        }
    }

    private void CommitTo(LogIndex index)
    {
        if (index <= CommitIndex)
        {
            return;
        }

        var before = CommitIndex;
        CommitIndex = index;
        if (Role == RaftRole.Leader)
        {
            for (var i = before.Next; i <= index; i = i.Next)
            {
                // What earlier terms left was never counted.
                _uncommittedBytes -= _log[i].Term == Term ? _log[i].Size : 0;
            }

            ReleaseEarlyReads();
        }

        OnMembershipCommitted();
    }
}

/// <summary>What a leader knows about one other member.</summary>
/// <param name="Match">The last entry known to be durable there and the same.</param>
public readonly record struct MemberProgress(
    NodeId Id, ProgressState State, LogIndex Match, LogIndex Next, int InflightAppends, bool RecentlyActive);
