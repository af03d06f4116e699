using System.Net;
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
        foreach (var id in ids)
        {
            _nodes.Add(new QuorateNode(
                new NodeOptions
                {
                    Id = id,
                    Listen = new IPEndPoint(IPAddress.Loopback, 0),
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
        try
        {
            _nodes.ForEach(node => node.Start());
        }
        catch (Exception error) when (error is StorageException or TransportException)
        {
            throw new StartupException(error.Message);
        }

        var peers = _nodes.ToDictionary(node => node.Id, node => (EndPoint)node.EndPoint);
        _nodes.ForEach(node => node.SetPeers(peers));
    }

    public void Dispose() => _nodes.ForEach(node => node.Dispose());
}
