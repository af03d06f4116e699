using Quorate.Contracts.Laboratory;
using Quorate.Contracts.Regions;
using Quorate.Gateway.Hosting;
using Quorate.Gateway.Live;
using Quorate.Node;
using Quorate.Node.Replication.Regions;

namespace Quorate.Gateway.AllInOne;

/// <summary>Lets anybody watch a failover: stops, starts, isolates and heals embedded nodes.</summary>
public sealed class Laboratory(EmbeddedCluster cluster, RegionLinkGate links, ChangeFeed feed) : ILaboratory
{
    public Task<LaboratoryNode?> StopAsync(string id, string? reason, CancellationToken cancel) => Act(
        id, node => node.IsRunning, node => node.Stop(), "system.node.stopped", "warning", "was stopped in the laboratory", reason);

    public Task<LaboratoryNode?> StartAsync(string id, string? reason, CancellationToken cancel) => Act(
        id, node => !node.IsRunning, node => node.Start(), "system.node.started", "info", "was started in the laboratory", reason);

    public Task<LaboratoryNode?> IsolateAsync(string id, string? reason, CancellationToken cancel) => Act(
        id, node => node is { IsRunning: true, IsIsolated: false }, node => node.SetIsolated(true), "system.node.isolated", "warning", "was isolated in the laboratory", reason);

    public Task<LaboratoryNode?> HealAsync(string id, string? reason, CancellationToken cancel) => Act(
        id, node => node is { IsRunning: true, IsIsolated: true }, node => node.SetIsolated(false), "system.node.healed", "info", "can talk to the others again", reason);

    public LaboratoryLink SetLink(string from, string to, bool cut, string? reason)
    {
        if (links.Set(from, to, cut))
        {
            var what = cut ? "was cut in the laboratory" : "was healed in the laboratory";
            feed.Report(
                DateTimeOffset.UtcNow,
                cut ? "system.region.cut" : "system.region.healed",
                cut ? "warning" : "info",
                $"{from}-{to}",
                $"The link between {from} and {to} {what}{(reason is null ? "" : $": {reason}")}.");
        }

        return new LaboratoryLink(from, to, cut);
    }

    public static string StateOf(QuorateNode node) => node switch
    {
        { IsRunning: false } => "stopped",
        { IsIsolated: true } => "isolated",
        _ => "running",
    };

    // Stopping joins threads and starting reads the disk: not on the request's thread.
    private Task<LaboratoryNode?> Act(
        string id, Func<QuorateNode, bool> needed, Action<QuorateNode> act, string topic, string severity, string what, string? reason) => Task.Run(() =>
    {
        if (cluster.Find(id) is not { } node)
        {
            return null;
        }

        if (needed(node))
        {
            act(node);
            feed.Report(DateTimeOffset.UtcNow, topic, severity, id, $"{id} {what}{(reason is null ? "" : $": {reason}")}.");
        }

        return new LaboratoryNode(id, StateOf(node));
    });
}
