using System.Net;
using System.Net.Sockets;
using Quorate.Core.Raft;
using Quorate.Gateway.Hosting;
using Quorate.Node;
using Quorate.Node.Access;
using Quorate.Node.Storage;
using Quorate.Node.Transport;

namespace Quorate.Gateway.AllInOne;

/// <summary>
/// Nodes inside the gateway's process, as real as anywhere else: each has a data directory, a listener on loopback and threads of
/// its own, and they talk to each other over TCP.
/// </summary>
public sealed class EmbeddedCluster : IDisposable
{
    private readonly Lock _gate = new();
    private readonly ClusterOptions _options;
    private readonly ILoggerFactory _loggers;
    private readonly EmbeddedRoster _roster;
    private volatile IReadOnlyList<QuorateNode> _nodes;

    /// <param name="options">With <see cref="ClusterOptions.EmbeddedNodes"/> above 0.</param>
    public EmbeddedCluster(ClusterOptions options, ILoggerFactory loggers)
    {
        _options = options;
        _loggers = loggers;
        _roster = EmbeddedRoster.Open(options.DataDirectory, options.EmbeddedNodes);
        var ids = _roster.Nodes;
        _nodes = [.. ids.Zip(FreeEndPoints(ids.Count), Create)];
    }

    public IReadOnlyList<QuorateNode> Nodes => _nodes;

    public QuorateNode? Find(string id) => _nodes.FirstOrDefault(node => node.Id.Value == id);

    public IReadOnlyList<INodeLink> CreateLinks() => [.. _nodes.Select(node => new InProcessNodeLink(node))];

    public INodeLink CreateLink(string id) => new InProcessNodeLink(Find(id)!);

    /// <exception cref="StartupException">A data directory cannot be used, or no port can be had.</exception>
    public void Start()
    {
        TellPeers();
        foreach (var node in _nodes)
        {
            Start(node);
        }
    }

    /// <summary>Starts one more node, empty, which waits to be made a member.</summary>
    /// <exception cref="StartupException">Its data directory cannot be used.</exception>
    public QuorateNode Add(string id)
    {
        lock (_gate)
        {
            if (Find(id) is { } existing)
            {
                return existing;
            }

            var node = Create(id, FreeEndPoints(1)[0]);
            _nodes = [.. _nodes, node];
            TellPeers();
            Start(node);
            return node;
        }
    }

    /// <summary>Stops a node that has left. Its data is kept under another name: what it knew may still be wanted.</summary>
    public void Remove(string id)
    {
        lock (_gate)
        {
            if (Find(id) is not { } node)
            {
                return;
            }

            _nodes = [.. _nodes.Where(other => other != node)];
            node.Dispose();
            _roster.Leave(id);
            TellPeers();
        }
    }

    public void Dispose()
    {
        foreach (var node in _nodes)
        {
            node.Dispose();
        }
    }

    private QuorateNode Create(string id, IPEndPoint endPoint) => new(
        new NodeOptions
        {
            Id = id,
            Listen = endPoint,
            Founders = _roster.Founders.Contains(id) ? _roster.Founders : [],
            DataDirectory = Path.Combine(_options.DataDirectory, id),
            Region = _options.Region,
            HeartbeatMs = _options.HeartbeatMs,
            ElectionTimeoutMinMs = _options.ElectionMinMs,
            ElectionTimeoutMaxMs = _options.ElectionMaxMs,
            Secret = _options.Secret,
            LeaseReads = _options.LeaseReads,
        },
        _loggers.CreateLogger(_options.Region == ClusterOptions.LocalRegion ? $"Quorate.Node.{id}" : $"Quorate.Node.{_options.Region}.{id}"));

    private static void Start(QuorateNode node)
    {
        try
        {
            node.Start();
        }
        catch (Exception error) when (error is StorageException or TransportException)
        {
            throw new StartupException(error.Message);
        }
    }

    private void TellPeers()
    {
        var peers = _nodes.ToDictionary(node => node.Id, node => (EndPoint)node.EndPoint);
        foreach (var node in _nodes)
        {
            node.SetPeers(peers);
        }
    }

    // Every node is told where the others are before it starts, so the ports are chosen first, all different.
    private static IPEndPoint[] FreeEndPoints(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        Array.ForEach(listeners, listener => listener.Start());
        var endPoints = Array.ConvertAll(listeners, listener => (IPEndPoint)listener.LocalEndpoint);
        Array.ForEach(listeners, listener => listener.Dispose());
        return endPoints;
    }
}
