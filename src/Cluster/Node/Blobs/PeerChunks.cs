using System.Net;
using Quorate.Core.Raft;
using Quorate.Node.Access;

namespace Quorate.Node.Blobs;

/// <summary>The other nodes of the cluster as sources of chunks, as the peer table goes.</summary>
internal sealed class PeerChunks(TcpNodeLinkOptions options) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<NodeId, (EndPoint Address, RemoteChunks Chunks)> _peers = [];

    public IReadOnlyList<IChunkSource> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _peers.OrderBy(peer => peer.Key).Select(peer => peer.Value.Chunks)];
            }
        }
    }

    public void Update(IReadOnlyDictionary<NodeId, EndPoint> peers)
    {
        lock (_gate)
        {
            foreach (var (id, known) in _peers.ToArray())
            {
                if (!peers.TryGetValue(id, out var address) || !address.Equals(known.Address))
                {
                    known.Chunks.Dispose();
                    _peers.Remove(id);
                }
            }

            foreach (var (id, address) in peers)
            {
                if (!_peers.ContainsKey(id) && id.Value != options.ClientName)
                {
                    _peers.Add(id, (address, new RemoteChunks(id, address, options)));
                }
            }
        }
    }

    public void Dispose() => Update(new Dictionary<NodeId, EndPoint>());
}
