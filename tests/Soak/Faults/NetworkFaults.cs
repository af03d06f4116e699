using Quorate.Soak.Network;

namespace Quorate.Soak.Faults;

/// <summary>Links that are cut, silent or slow.</summary>
internal static class NetworkFaults
{
    public static readonly Fault[] All =
    [
        new("cut a node off", (context, cancel) => IsolateAsync(context, bothWays: true, "cut", link => link.Cut(), cancel)),
        new("stall a node", (context, cancel) => IsolateAsync(context, bothWays: true, "stalled", link => link.Stall(), cancel)),
        new("one-way partition", (context, cancel) => OneWayAsync(context, cancel)),
        new("delay", DelayAsync),
        new("cut the gateway off the leader", GatewayAsync),
    ];

    private static Task<string?> OneWayAsync(FaultContext context, CancellationToken cancel) => context.Random.Chance(0.5)
        ? IsolateAsync(context, bothWays: false, "cut", link => link.Cut(), cancel)
        : IsolateAsync(context, bothWays: false, "stalled", link => link.Stall(), cancel);

    /// <summary>Parts a node from the other nodes. One way is either what it says or what it hears. Gateways still reach it.</summary>
    private static async Task<string?> IsolateAsync(FaultContext context, bool bothWays, string how, Action<Link> disturb, CancellationToken cancel)
    {
        if (await context.PickNodeAsync(cancel) is not { } node)
        {
            return null;
        }

        var (says, hears) = bothWays ? (true, true) : context.Random.Chance(0.5) ? (true, false) : (false, true);
        foreach (var other in context.Cluster.Nodes.Where(other => other != node))
        {
            if (says)
            {
                disturb(context.Cluster.Links[node.Id, other.Id]);
            }

            if (hears)
            {
                disturb(context.Cluster.Links[other.Id, node.Id]);
            }
        }

        return $"{(says ? hears ? "links from and to" : "links from" : "links to")} {node.Id} {how}";
    }

    private static Task<string?> DelayAsync(FaultContext context, CancellationToken cancel)
    {
        var delay = TimeSpan.FromMilliseconds(context.Random.Between(5, 150));
        foreach (var from in context.Cluster.Nodes)
        {
            foreach (var to in context.Cluster.Nodes.Where(to => to != from))
            {
                context.Cluster.Links[from.Id, to.Id].Delay(delay);
            }
        }

        return Task.FromResult<string?>($"all links delayed by {delay.TotalMilliseconds:0} ms");
    }

    private static async Task<string?> GatewayAsync(FaultContext context, CancellationToken cancel)
    {
        if (await context.LeaderAsync(cancel) is not { } leader)
        {
            return null;
        }

        var link = context.Cluster.Links[Mesh.Gateway, leader.Id];
        if (context.Random.Chance(0.5))
        {
            link.Cut();
            return $"link from the gateway to leader {leader.Id} cut";
        }

        link.Stall();
        return $"link from the gateway to leader {leader.Id} stalled";
    }
}
