using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Quorate.Core.Raft;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Kv;
using Quorate.Node.Access;
using Quorate.Node.Hosting;
using Quorate.Node.Transport;

namespace Quorate.Node.Tests.Access;

/// <summary>Three nodes in this process, with real disks and real sockets between them and their clients.</summary>
internal sealed class TestCluster : IDisposable
{
    private readonly TempDirectory _data = new();
    private readonly string? _secret;

    public TestCluster(ClientLimits? limits = null, string? secret = null)
    {
        _secret = secret;
        string[] ids = ["n1", "n2", "n3"];
        Nodes = [.. ids.Select(id => new QuorateNode(
            new NodeOptions
            {
                Id = id,
                Listen = new IPEndPoint(IPAddress.Loopback, 0),
                Founders = ids,
                DataDirectory = _data.Sub(id),
                Secret = secret,
            },
            NullLogger.Instance))];
        Listeners = [.. Nodes.Select(node => new NodeClientListener(node, limits))];
        for (var i = 0; i < Nodes.Count; i++)
        {
            Nodes[i].ClientConnected = Listeners[i].Serve;
            Nodes[i].Start();
        }

        var peers = Nodes.ToDictionary(node => node.Id, node => (EndPoint)node.EndPoint);
        foreach (var node in Nodes)
        {
            node.SetPeers(peers);
        }
    }

    public IReadOnlyList<QuorateNode> Nodes { get; }

    public IReadOnlyList<NodeClientListener> Listeners { get; }

    public string DataOf(QuorateNode node) => _data.Sub(node.Id.Value);

    /// <summary>The node that leads and that a majority follows.</summary>
    public QuorateNode AwaitLeader()
    {
        QuorateNode? leader = null;
        Eventually.True(
            () => (leader = Nodes.FirstOrDefault(node => node.Host?.Status.Role == RaftRole.Leader
                && Nodes.Count(other => other.Host?.Status is { } status && status.Leader == node.Id && status.Term == node.Host?.Status.Term) >= 2)) is not null,
            "a leader with a majority");
        return leader!;
    }

    public TcpNodeLink Link(QuorateNode node) =>
        new(node.Id, node.EndPoint, new TcpNodeLinkOptions { ClientName = "test", Secret = _secret }, NullLogger.Instance);

    public ClusterClient Client() => ClusterClient.Connect(
        string.Join(',', Nodes.Select(node => $"{node.Id}={node.EndPoint}")),
        new ClusterClientOptions { Timeout = TimeSpan.FromSeconds(30) },
        new TcpNodeLinkOptions { ClientName = "test", Secret = _secret });

    public void Dispose()
    {
        foreach (var node in Nodes)
        {
            node.Dispose();
        }

        _data.Dispose();
    }
}

internal static class ClusterClientExtensions
{
    /// <summary>Writes a key; the revision.</summary>
    public static async Task<long> PutAsync(this ClusterClient client, string key, string value) =>
        Assert.IsType<CommandResult.KvWritten>(await client.ExecuteAsync(
            new KvPut(key, null, null, System.Text.Encoding.UTF8.GetBytes(value)), WriteOptions.None, CancellationToken.None)).Revision;

    /// <summary>Reads a key linearizably; null when it does not exist.</summary>
    public static Task<string?> GetAsync(this ClusterClient client, string key) => client.ReadAsync(
        state => state.Kv.Get(key) is { } item ? System.Text.Encoding.UTF8.GetString(item.Value.Span) : null, CancellationToken.None);
}
