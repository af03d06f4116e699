using System.Globalization;
using System.Net;
using Quorate.Bench.Load;
using Quorate.Contracts.Cluster;
using Quorate.Core.Raft;
using Quorate.Node.Access;

namespace Quorate.Bench.Peers;

/// <summary>Three <c>quorate-node</c> processes and one gateway process, with default settings.</summary>
internal sealed class QuorateCluster : IFailoverPeer
{
    private static readonly TimeSpan CatchUpLimit = TimeSpan.FromSeconds(60);

    private readonly Workspace _workspace;
    private readonly string _prefix;
    private readonly Dictionary<string, int> _ports;
    private readonly Dictionary<string, ChildProcess> _nodes = [];
    private GatewayProcess? _gateway;

    /// <param name="prefix">Of the folders, where there are several clusters.</param>
    public QuorateCluster(Workspace workspace, string prefix = "")
    {
        _workspace = workspace;
        _prefix = prefix;
        _ports = Ports.Free(3).Select((port, i) => (Name: $"n{i + 1}", Port: port)).ToDictionary(node => node.Name, node => node.Port);
    }

    public string Name => "3 nodes + gateway";

    public IReadOnlyList<PeerProcess> Processes =>
    [
        .. _nodes.OrderBy(node => node.Key, StringComparer.Ordinal).Select(node => new PeerProcess(node.Key, node.Value.Id, true)),
        new PeerProcess("gateway", Gateway.Id, false),
    ];

    public GatewayProcess Gateway => _gateway ?? throw new InvalidOperationException("not started");

    private string Members => string.Join(',', _ports.Select(node => $"{node.Key}=127.0.0.1:{node.Value}"));

    public async Task StartAsync(CancellationToken cancel)
    {
        foreach (var node in _ports.Keys)
        {
            StartNode(node);
        }

        _gateway = new GatewayProcess(_workspace, _prefix + "gateway", "--members", Members);
        await _gateway.AwaitReadyAsync(cancel);
        await Wait.UntilAsync("all nodes are healthy", CatchUpLimit, async attempt =>
        {
            _nodes.Values.ToList().ForEach(node => node.EnsureRuns());
            return AllHealthy(await Gateway.TopologyAsync(attempt));
        }, cancel);
    }

    public Task<string?> ProveAsync(Workload workload, CancellationToken cancel) => Gateway.ProveAsync(workload, cancel);

    public Task<LoadRequest> RequestAsync(Workload workload, CancellationToken cancel) => Task.FromResult(Gateway.Request(workload));

    public Task<long> VersionAsync(string key, CancellationToken cancel) => Gateway.VersionAsync(key, cancel);

    public Task PutAsync(string key, CancellationToken cancel) => Gateway.PutAsync(key, cancel);

    public async Task<Leadership> LeaderAsync(CancellationToken cancel)
    {
        Leadership leadership = default;
        await Wait.UntilAsync("the cluster has a leader", CatchUpLimit, async attempt =>
        {
            var topology = await Gateway.TopologyAsync(attempt);
            leadership = new Leadership(topology.Leader ?? "", topology.Term);
            return topology.Leader is not null;
        }, cancel);
        return leadership;
    }

    public IReadOnlyList<Func<CancellationToken, Task<bool>>> WritersWithout(string node) =>
    [
        async cancel =>
        {
            await Gateway.PutAsync("failover", cancel);
            return true;
        },
    ];

    public void Kill(string node) => _nodes[node].Kill();

    public async Task RestartAsync(string node, CancellationToken cancel)
    {
        _nodes[node].Dispose();
        StartNode(node);
        var target = (await Gateway.TopologyAsync(cancel)).Nodes.Max(view => view.CommitIndex);
        await Wait.UntilAsync($"{node} has caught up", CatchUpLimit, async attempt =>
        {
            _nodes[node].EnsureRuns();
            var topology = await Gateway.TopologyAsync(attempt);
            return AllHealthy(topology) && topology.Nodes.Single(view => view.Id == node).AppliedIndex >= target;
        }, cancel);
    }

    /// <summary>A client that talks to the nodes without the gateway between, and has caught up with them.</summary>
    public async Task<ClusterClient> DirectClientAsync(CancellationToken cancel)
    {
        var client = ClusterClient.Connect(
            string.Join(',', _ports.Select(node => string.Create(CultureInfo.InvariantCulture, $"{node.Key}={IPAddress.Loopback}:{node.Value}"))),
            new ClusterClientOptions { Timeout = CatchUpLimit },
            new TcpNodeLinkOptions { ClientName = "bench" });

        // Reads wait until it has the state: catching up is not measured.
        await client.ReadAsync(state => state.AppliedIndex, cancel);
        return client;
    }

    public ValueTask DisposeAsync()
    {
        _gateway?.Dispose();
        foreach (var node in _nodes.Values)
        {
            node.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private static bool AllHealthy(Topology topology) =>
        topology.Leader is not null && topology.Nodes.Count == 3 && topology.Nodes.All(node => node.Health == NodeHealths.Healthy);

    private void StartNode(string node)
    {
        var folder = _workspace.Folder(_prefix + node);
        _nodes[node] = new ChildProcess(
            node, _workspace.Executable("src/Cluster/Node", "quorate-node"), folder,
            "--id", node,
            "--listen", $"127.0.0.1:{_ports[node]}",
            "--peers", Members,
            "--data", Path.Combine(folder, "data"));
    }
}
