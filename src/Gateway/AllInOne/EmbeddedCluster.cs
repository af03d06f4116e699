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
    private readonly List<QuorateNode> _nodes = [];

    /// <param name="options">With <see cref="ClusterOptions.EmbeddedNodes"/> above 0.</param>
    public EmbeddedCluster(ClusterOptions options, ILoggerFactory loggers)
    {
        var ids = Enumerable.Range(1, options.EmbeddedNodes).Select(number => $"n{number}").ToArray();
        var endPoints = FreeEndPoints(ids.Length);
        foreach (var (id, endPoint) in ids.Zip(endPoints))
        {
            _nodes.Add(new QuorateNode(
                new NodeOptions
                {
                    Id = id,
                    Listen = endPoint,
                    Founders = ids,
                    DataDirectory = Path.Combine(options.DataDirectory, id),
                    HeartbeatMs = options.HeartbeatMs,
                    ElectionTimeoutMinMs = options.ElectionMinMs,
                    ElectionTimeoutMaxMs = options.ElectionMaxMs,
                    Secret = options.Secret,
                },
                loggers.CreateLogger($"Quorate.Node.{id}")));
        }
    }

    public IReadOnlyList<QuorateNode> Nodes => _nodes;

    public QuorateNode? Find(string id) => _nodes.Find(node => node.Id.Value == id);

    public IReadOnlyList<INodeLink> CreateLinks() => [.. _nodes.Select(node => new InProcessNodeLink(node))];

    /// <exception cref="StartupException">A data directory cannot be used, or no port can be had.</exception>
    public void Start()
    {
        var peers = _nodes.ToDictionary(node => node.Id, node => (EndPoint)node.EndPoint);
        _nodes.ForEach(node => node.SetPeers(peers));
        try
        {
            _nodes.ForEach(node => node.Start());
        }
        catch (Exception error) when (error is StorageException or TransportException)
        {
            throw new StartupException(error.Message);
        }
    }

    public void Dispose() => _nodes.ForEach(node => node.Dispose());

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
