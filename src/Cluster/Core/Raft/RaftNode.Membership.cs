namespace Quorate.Core.Raft;

/// <summary>
/// Membership changes through joint consensus (dissertation §4.3): the leader appends C(old,new), and once that is committed
/// C(new). A configuration counts from the moment it is in the log, committed or not.
/// </summary>
public sealed partial class RaftNode
{
    // Configurations still in the log, oldest first; the first is the one of the snapshot.
    private readonly List<(LogIndex Index, Membership Value)> _memberships = [];

    // No new change before everything up to here is committed.
    private LogIndex _pendingMembership;

    /// <summary>The configuration in force: the newest in the log.</summary>
    public Membership Membership => _memberships[^1].Value;

    /// <summary>The configuration as of an entry that is still in the log, or the snapshot's.</summary>
    public Membership MembershipAt(LogIndex index)
    {
        for (var i = _memberships.Count - 1; i > 0; i--)
        {
            if (_memberships[i].Index <= index)
            {
                return _memberships[i].Value;
            }
        }

        return _memberships[0].Value;
    }

    /// <summary>Begins a change to the given voters and learners. Any number of members may change at once.</summary>
    public ProposeResult ChangeMembership(IEnumerable<NodeId> voters, IEnumerable<NodeId> learners)
    {
        if (Refusal(null) is { } refusal)
        {
            return new ProposeResult(refusal, LogIndex.Zero, Term);
        }

        // Dissertation §4.1 with the correction of 2015: first commit something in this term.
        if (_pendingMembership > CommitIndex || Membership.IsJoint || !HasCommittedInTerm)
        {
            return new ProposeResult(ProposeStatus.ChangePending, LogIndex.Zero, Term);
        }

        var target = Membership.Of(voters);
        target = target with { Learners = [.. learners.Distinct().Where(node => !target.IsVoter(node)).Order()] };
        target.Validate();
        var votersChange = !target.Voters.SequenceEqual(Membership.Voters) && _config.Mutation != Mutation.SingleStepDoubleChange;
        ProposeMembership(votersChange ? target with { OutgoingVoters = Membership.Voters } : target);
        return new ProposeResult(ProposeStatus.Accepted, _log.LastIndex, Term);
    }

    private void ProposeMembership(Membership membership)
    {
        AppendOwn(EntryKind.Membership, RaftDataCodec.Encode(membership));
        _pendingMembership = _log.LastIndex;
    }

    private void NoteMembership(Entry entry)
    {
        if (entry.Kind == EntryKind.Membership)
        {
            _memberships.Add((entry.Index, RaftDataCodec.DecodeMembership(entry.Data)));
            SyncProgress();

            // Reads may have been waiting for an answer of a member that has just left.
            FinishReadRound();
        }
    }

    private void ForgetMemberships(LogIndex from)
    {
        _memberships.RemoveAll(entry => entry.Index >= from && entry.Index > _log.Snapshot.Index);
    }

    private void SyncProgress()
    {
        if (Role != RaftRole.Leader)
        {
            return;
        }

        foreach (var node in Membership.All())
        {
            if (node != Id && !_progress.ContainsKey(node))
            {
                _progress[node] = new Progress(node, _log.LastIndex.Next) { RecentlyActive = true };
            }
        }

        foreach (var node in _progress.Keys.Where(node => !Membership.Contains(node)).ToArray())
        {
            _progress.Remove(node);
        }
    }

    private void OnMembershipCommitted()
    {
        if (Role != RaftRole.Leader || _memberships[^1].Index > CommitIndex)
        {
            return;
        }

        if (Membership.IsJoint)
        {
            ProposeMembership(Membership with { OutgoingVoters = [] });
        }
        else if (!Membership.IsVoter(Id))
        {
            StepDown();
        }
    }
}
