using Quorate.Simulation.Time;
using Quorate.Soak.Clients;
using Quorate.Soak.Processes;

namespace Quorate.Soak.Faults;

/// <summary>What a fault works on.</summary>
internal sealed record FaultContext(SoakCluster Cluster, KvClient Client, SeededRandom Random)
{
    /// <summary>A node that has not been touched yet, the leader in half of the cases; null when none is left.</summary>
    public async Task<NodeServer?> PickNodeAsync(CancellationToken cancel) => Random.Chance(0.5) ? await LeaderAsync(cancel) : AnyNode();

    /// <summary>The node that leads, or any when nobody knows.</summary>
    public async Task<NodeServer?> LeaderAsync(CancellationToken cancel)
    {
        var leader = await Client.LeaderAsync(cancel);
        return Untouched().FirstOrDefault(node => node.Id == leader) ?? AnyNode();
    }

    private NodeServer? AnyNode() => Untouched() is { Count: > 0 } nodes ? Random.Pick(nodes) : null;

    private List<NodeServer> Untouched() => [.. Cluster.Nodes.Where(node => node is { IsRunning: true, IsPaused: false })];
}
