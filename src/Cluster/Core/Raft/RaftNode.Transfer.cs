namespace Quorate.Core.Raft;

/// <summary>Leadership transfer: dissertation §3.10. Proposals pause, the target catches up, then it is told to stand at once.</summary>
public sealed partial class RaftNode
{
    private NodeId _transferTarget = NodeId.None;
    private int _transferElapsed;

    /// <summary>Whether leadership is being handed over right now, and to whom.</summary>
    public NodeId TransferTarget => _transferTarget;

    /// <summary>Hands leadership to a voter. Given up after an election timeout; then this node goes on leading.</summary>
    /// <param name="target">None: the voter that has most of the log.</param>
    /// <returns>False when this node does not lead, or the target is no other voter.</returns>
    public bool TransferLeadership(NodeId target)
    {
        if (Role != RaftRole.Leader)
        {
            return false;
        }

        Progress? best = null;
        foreach (var progress in _progress.Values)
        {
            var eligible = Membership.Voters.Contains(progress.Id) && (target.IsNone ? progress.RecentlyActive : progress.Id == target);
            if (eligible && (best is null || progress.Match > best.Match))
            {
                best = progress;
            }
        }

        if (best is null)
        {
            return false;
        }

        _transferTarget = best.Id;
        _transferElapsed = 0;
        ContinueTransfer(best);
        return true;
    }

    private void TickTransfer()
    {
        if (!_transferTarget.IsNone && ++_transferElapsed >= _config.ElectionTicksMax)
        {
            EndTransfer();
        }
    }

    private void ContinueTransfer(Progress progress)
    {
        if (progress.Id == _transferTarget && progress.Match == _log.LastIndex)
        {
            _allowedForcedElection = true;
            _sendAtOnce.Add(new TimeoutNow(_config.Group, Id, progress.Id, Term));
        }
    }

    private void EndTransfer() => _transferTarget = NodeId.None;

    private void OnTimeoutNow()
    {
        if (Role != RaftRole.Leader && Membership.IsVoter(Id))
        {
            StartElection(ElectionCause.Transfer, force: true);
        }
    }
}
