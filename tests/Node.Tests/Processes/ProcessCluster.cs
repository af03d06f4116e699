using System.Net;
using System.Net.Sockets;
using Quorate.Core.Raft;
using Quorate.Node.Access;

namespace Quorate.Node.Tests.Processes;

/// <summary>Three node processes on loopback.</summary>
internal sealed class ProcessCluster : IDisposable
{
    private readonly TempDirectory _data = new();
    private readonly Dictionary<NodeId, IPEndPoint> _addresses = [];
    private readonly Dictionary<NodeId, NodeProcess> _processes = [];

    public ProcessCluster()
    {
        // All ports are taken at the same time, so that they differ.
        var sockets = Enumerable.Range(0, 3).Select(_ =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            return socket;
        }).ToList();
        for (var i = 0; i < sockets.Count; i++)
        {
            _addresses[new NodeId($"n{i + 1}")] = (IPEndPoint)sockets[i].LocalEndPoint!;
        }

        sockets.ForEach(socket => socket.Dispose());
        foreach (var id in _addresses.Keys)
        {
            Start(id);
        }
    }

    public IEnumerable<NodeId> Ids => _addresses.Keys;

    public NodeProcess this[NodeId id] => _processes[id];

    public IPEndPoint AddressOf(NodeId id) => _addresses[id];

    public string DataOf(NodeId id) => _data.Sub(id.Value);

    public void Start(NodeId id) => _processes[id] = NodeProcess.Start(
        "--id", id.Value,
        "--listen", _addresses[id].ToString(),
        "--peers", string.Join(',', _addresses.Select(peer => $"{peer.Key}=localhost:{peer.Value.Port}")),
        "--data", DataOf(id));

    public ClusterClient Client() => ClusterClient.Connect(
        string.Join(',', _addresses.Select(node => $"{node.Key}={node.Value}")),
        new ClusterClientOptions { Timeout = TimeSpan.FromSeconds(30) },
        new TcpNodeLinkOptions { ClientName = "test" });

    public void Dispose()
    {
        foreach (var process in _processes.Values)
        {
            process.Dispose();
        }

        _data.Dispose();
    }
}
