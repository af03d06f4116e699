using Quorate.Soak.Processes;

namespace Quorate.Soak.Faults;

/// <summary>Processes that die, stand still or are restarted.</summary>
internal static class ProcessFaults
{
    public static readonly Fault[] All =
    [
        new("kill a node", (context, cancel) => OnNode("SIGKILL to", context.PickNodeAsync(cancel), node => node.Kill())),
        new("kill the leader", (context, cancel) => OnNode("SIGKILL to leader", context.LeaderAsync(cancel), node => node.Kill())),
        new("pause the leader", (context, cancel) => OnNode("SIGSTOP to leader", context.LeaderAsync(cancel), node => node.Pause())),
        new("pause a node", (context, cancel) => OnNode("SIGSTOP to", context.PickNodeAsync(cancel), node => node.Pause())),
        new("restart a node", (context, cancel) => OnNode("SIGTERM and restart of", context.PickNodeAsync(cancel), Restart)),
        new("kill the gateway", KillGatewayAsync),
        new("transfer leadership", TransferAsync),
    ];

    private static async Task<string?> OnNode(string what, Task<NodeServer?> pick, Action<NodeServer> action)
    {
        if (await pick is not { } node)
        {
            return null;
        }

        action(node);
        return $"{what} {node.Id}";
    }

    private static void Restart(NodeServer node)
    {
        node.Terminate();
        node.Start();
    }

    private static Task<string?> KillGatewayAsync(FaultContext context, CancellationToken cancel)
    {
        if (!context.Cluster.Gateway.IsRunning)
        {
            return Task.FromResult<string?>(null);
        }

        context.Cluster.Gateway.Kill();
        context.Cluster.Gateway.Start();
        return Task.FromResult<string?>("SIGKILL to the gateway, and a new one");
    }

    private static async Task<string?> TransferAsync(FaultContext context, CancellationToken cancel)
    {
        var leader = await context.Client.LeaderAsync(cancel);
        var target = context.Random.Pick([.. context.Cluster.Nodes.Where(node => node.Id != leader)]).Id;
        return await context.Client.TransferAsync(target, cancel) ? $"leadership from {leader} to {target}" : $"leadership to {target}, in vain";
    }
}
