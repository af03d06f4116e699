using Quorate.Core.Raft;
using Quorate.Core.StateMachine.Nodes;

namespace Quorate.Node.Hosting;

/// <summary>
/// Brings Raft's membership to what the replicated state wants, one change at a time, on whichever node leads. Because what is wanted
/// is in the log, a change survives the leader that began it.
/// </summary>
public static class MembershipKeeper
{
    /// <summary>Entries a learner may still lack when it becomes a voter: little enough to catch up within a round trip.</summary>
    public const long CaughtUpEntries = 256;

    /// <summary>To be called now and then; does nothing on a node that does not lead, or while a change is under way.</summary>
    public static void Reconcile(RaftNode node, IReadOnlyList<RegisteredNode> wanted)
    {
        if (node.Role != RaftRole.Leader || wanted.Count == 0 || node.Membership.IsJoint)
        {
            return;
        }

        var current = node.Membership;
        var retired = wanted.Where(member => member.Retired).Select(member => new NodeId(member.Id)).ToHashSet();
        if (retired.Contains(node.Id))
        {
            // Whoever takes over removes this node, without the cluster having to notice that its leader is gone.
            if (node.TransferTarget.IsNone)
            {
                node.TransferLeadership(NodeId.None);
            }

            return;
        }

        var voters = current.Voters.Where(id => !retired.Contains(id)).ToList();
        var learners = current.Learners.Where(id => !retired.Contains(id)).ToList();
        foreach (var member in wanted.Where(member => !member.Retired))
        {
            var id = new NodeId(member.Id);
            if (!current.Contains(id))
            {
                learners.Add(id);
            }
            else if (member.Voter && learners.Contains(id) && HasCaughtUp(node, id))
            {
                learners.Remove(id);
                voters.Add(id);
            }
        }

        // Nobody may vote the last voter out.
        var changes = !voters.Order().SequenceEqual(current.Voters) || !learners.Order().SequenceEqual(current.Learners);
        if (changes && voters.Count > 0)
        {
            node.ChangeMembership(voters, learners);
        }
    }

    private static bool HasCaughtUp(RaftNode node, NodeId id)
    {
        foreach (var member in node.Members)
        {
            if (member.Id == id)
            {
                return member.RecentlyActive && member.Match.Value > 0 && node.LastIndex - member.Match <= CaughtUpEntries;
            }
        }

        return false;
    }
}
