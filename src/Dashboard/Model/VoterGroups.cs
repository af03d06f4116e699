using Quorate.Contracts.Cluster;

namespace Quorate.Dashboard.Model;

/// <summary>Which voters count towards a majority.</summary>
public static class VoterGroups
{
    /// <summary>
    /// Voters that are healthy; while nobody leads, and so nobody can be called healthy, the most that run and reach each other: they are
    /// who a majority is short of the missing ones.
    /// </summary>
    public static IReadOnlySet<string> Counting(Topology topology)
    {
        var voters = topology.Nodes.Where(node => node.Voter).ToList();
        if (topology.HasQuorum)
        {
            return voters.Where(node => node.Health is NodeHealths.Healthy or NodeHealths.Lagging).Select(node => node.Id).ToHashSet();
        }

        var running = voters.Where(node => node.Health is not (NodeHealths.Stopped or NodeHealths.Unreachable)).Select(node => node.Id).ToHashSet();
        return running.Select(node => Reached(node, running, topology)).MaxBy(group => group.Count) ?? [];
    }

    private static HashSet<string> Reached(string from, HashSet<string> among, Topology topology)
    {
        HashSet<string> reached = [from];
        var next = new Queue<string>(reached);
        while (next.TryDequeue(out var node))
        {
            foreach (var link in topology.Links.Where(link => link.From == node && link.State == LinkStates.Up && among.Contains(link.To)))
            {
                if (reached.Add(link.To))
                {
                    next.Enqueue(link.To);
                }
            }
        }

        return reached;
    }
}
