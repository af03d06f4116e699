using System.Net;
using Microsoft.Extensions.Logging;
using Quorate.Core.Raft;
using Quorate.Core.StateMachine.Nodes;
using Quorate.Node.Blobs;
using Quorate.Node.Commands;
using Quorate.Node.Diagnostics;
using Quorate.Node.Hosting;
using Quorate.Node.Storage;
using Quorate.Node.Transport;

namespace Quorate.Node;

/// <summary>
/// One node: log, snapshots, transport and Raft put together. It can be stopped and started again in the same process, as if its
/// machine had been switched off and on.
/// </summary>
public sealed class QuorateNode : IDisposable
{
    private readonly NodeOptions _options;
    private readonly ILogger _logger;
    private readonly LatencyWindow _fsync = new();
    private readonly Lock _gate = new();

    // Of its own: the applier's thread takes it, and stopping waits for that thread.
    private readonly Lock _peersGate = new();
    private readonly Dictionary<NodeId, EndPoint> _joined = [];

    private IReadOnlyDictionary<NodeId, EndPoint> _peers = new Dictionary<NodeId, EndPoint>();
    private IPEndPoint _listen;
    private TcpTransport? _transport;
    private WriteAheadLog? _log;
    private SnapshotStore? _snapshots;
    private volatile RaftHost? _host;
    private PeerChunks? _peerChunks;
    private volatile NodeBlobs? _blobs;

    public QuorateNode(NodeOptions options, ILogger logger)
    {
        _options = options;
        _logger = logger;
        _listen = options.Listen;
        Id = new NodeId(options.Id);
    }

    public NodeId Id { get; }

    public string Region => _options.Region;

    /// <summary>Where the node listens. Known after the first <see cref="Start"/>, and the same after every later one.</summary>
    public IPEndPoint EndPoint => _listen;

    public string Address => _listen.ToString();

    /// <summary>Null while the node is stopped.</summary>
    public RaftHost? Host => _host;

    /// <summary>The content of blobs; null while the node is stopped.</summary>
    public NodeBlobs? Blobs => _blobs;

    public bool IsRunning => _host is not null;

    public bool IsIsolated => _transport?.IsIsolated ?? false;

    /// <summary>The connections to the other nodes; empty while stopped.</summary>
    public IReadOnlyList<LinkState> Links => _transport?.Links ?? [];

    /// <summary>Role, term or leader changed; null: the node stopped. Called on the node's own threads.</summary>
    public event Action<NodeStatus?>? StatusChanged;

    /// <summary>Serves the connections of clients. To be set before <see cref="Start"/>.</summary>
    public Action<ClientConnection>? ClientConnected { get; set; }

    /// <summary>Opens the data directory, recovers, listens and takes part.</summary>
    /// <exception cref="StorageException">The data directory cannot be used.</exception>
    /// <exception cref="TransportException">The address cannot be listened on.</exception>
    public void Start()
    {
        lock (_gate)
        {
            if (_host is not null)
            {
                return;
            }

            try
            {
                StartParts();
            }
            catch
            {
                StopParts();
                throw;
            }
        }
    }

    /// <summary>Stops at once: what was not durable is lost, as in a crash.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            if (_host is null)
            {
                return;
            }

            StopParts();
        }

        StatusChanged?.Invoke(null);
    }

    /// <summary>Says where the other nodes are. May be called at any time.</summary>
    public void SetPeers(IReadOnlyDictionary<NodeId, EndPoint> peers)
    {
        lock (_peersGate)
        {
            _peers = peers;
            TellPeers();
        }
    }

    /// <summary>For the laboratory: cuts the node off from the other nodes, both ways, or lets it back.</summary>
    public void SetIsolated(bool isolated)
    {
        lock (_gate)
        {
            _transport?.SetIsolated(isolated);
        }
    }

    public void Dispose() => Stop();

    private void StartParts()
    {
        var data = new DataLayout(_options.DataDirectory);
        _log = WriteAheadLog.Open(data.Log, new WalOptions { Node = Id, Flushed = _fsync.Add }, _logger);
        _snapshots = new SnapshotStore(data.Snapshots, GroupId.Default, _logger);
        RaftHost? host = null;
        _transport = new TcpTransport(
            _options.ToTransportOptions() with { Listen = _listen },
            new TransportHandlers
            {
                Received = message => host?.Receive(message),
                Drained = () => host?.Work(),
                PeerDisconnected = peer => host?.ConnectionLost(peer),
                ClientConnected = ClientConnected,
                ChunksConnected = connection => _blobs?.Serve(connection),
            },
            _logger);
        var transport = _transport;
        host = new RaftHost(_options.ToHostOptions(), _log, _snapshots, _fsync, message => transport.TrySend(message), transport.Flush, _logger);
        host.WantedChanged += OnWantedChanged;
        var (peers, store) = (new PeerChunks(_options.ToLinkOptions()), new ChunkStore(data.Chunks));
        _peerChunks = peers;
        host.StatusChanged += status => StatusChanged?.Invoke(status);
        _transport.Start();
        _listen = _transport.LocalEndPoint;
        lock (_peersGate)
        {
            TellPeers();
        }

        host.Start();
        _host = host;
        _blobs = new NodeBlobs(
            Id.Value, store, host, _options.Blobs, () => transport.IsIsolated ? [] : peers.All, name => transport.IsIsolated && IsPeer(name), _logger);
        StatusChanged?.Invoke(host.Status);
    }

    private void OnWantedChanged(IReadOnlyList<RegisteredNode> wanted)
    {
        lock (_peersGate)
        {
            foreach (var node in wanted)
            {
                // A node that is to leave stays reachable until this process ends: its vote may be needed to let it go.
                if (!node.Retired && Addresses.TryParse(node.Address, lowestPort: 1, out var address))
                {
                    _joined[new NodeId(node.Id)] = address;
                }
            }

            TellPeers();
        }
    }

    /// <summary>Only with the gate of the peers held.</summary>
    private void TellPeers()
    {
        var peers = AllPeers();
        _transport?.UpdatePeers(peers);
        _peerChunks?.Update(peers);
    }

    private bool IsPeer(string name)
    {
        lock (_peersGate)
        {
            return AllPeers().ContainsKey(new NodeId(name));
        }
    }

    // What configuration says wins over what the cluster remembers: addresses in one process change with every start.
    private Dictionary<NodeId, EndPoint> AllPeers()
    {
        var peers = new Dictionary<NodeId, EndPoint>(_joined);
        foreach (var (id, address) in _peers)
        {
            peers[id] = address;
        }

        return peers;
    }

    private void StopParts()
    {
        var host = _host;
        _host = null;
        var blobs = _blobs;
        _blobs = null;
        _transport?.Dispose();
        blobs?.Dispose();
        _peerChunks?.Dispose();
        host?.Dispose();
        _snapshots?.Dispose();
        _log?.Dispose();
        (_transport, _snapshots, _log, _peerChunks) = (null, null, null, null);
    }
}
