using Quorate.Core.Raft;
using Quorate.Core.StateMachine.Blobs;
using Quorate.Gateway.Regions;
using Quorate.Node.Access;
using Quorate.Node.Blobs;
using Quorate.Node.Commands;

namespace Quorate.Gateway.Blobs;

/// <summary>The nodes of a region's cluster as places for chunks: stores on a majority, reads from whoever has it whole.</summary>
internal sealed class ChunkReplicas(Region region) : IDisposable
{
    /// <summary>A node that has so many chunks under way is left out while the others are a majority: it fetches later what it missed.</summary>
    private const int MaxUnderWay = 6;

    /// <summary>How long a node that failed is left out while the others are a majority.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<NodeId, Replica> _replicas = [];

    public IReadOnlyList<IChunkReplica> All => [.. Current().Select(replica => replica.Chunks)];

    /// <summary>Stores a chunk. It is durable on a majority of the voters when this returns; the other nodes may still be at it.</summary>
    /// <exception cref="NoQuorumException">Too few nodes can be reached.</exception>
    /// <exception cref="DiskFullException">Too few nodes have room.</exception>
    public async Task StoreAsync(Digest chunk, ChunkBuffer buffer)
    {
        var membership = Membership();
        var replicas = Current().Where(replica => membership.IsVoter(replica.Id)).ToList();
        var ready = replicas.Where(replica => replica.IsReady).ToList();
        if (!membership.HasQuorum(id => ready.Exists(replica => replica.Id == id)))
        {
            ready = replicas;
        }

        var underWay = ready.ConvertAll(replica => replica.StoreAsync(chunk, buffer));
        HashSet<NodeId> done = [];
        ChunkSourceException? failure = null;
        while (!membership.HasQuorum(done.Contains))
        {
            if (underWay.Count == 0)
            {
                throw failure is { DiskFull: true } ? new DiskFullException() : new NoQuorumException(mayHaveHappened: false);
            }

            var ended = await Task.WhenAny(underWay);
            underWay.Remove(ended);
            var (node, failed) = await ended;
            if (failed is null)
            {
                done.Add(node);
            }
            else
            {
                failure = failed.DiskFull || failure is null ? failed : failure;
            }
        }
    }

    /// <summary>Makes sure that chunks are still durable on a majority of the voters, and that they are kept for a while from now on.</summary>
    /// <exception cref="NoQuorumException">They are not, or too few nodes can be reached.</exception>
    public async Task KeepAsync(IReadOnlyList<Digest> chunks)
    {
        if ((await AreDurableAsync(chunks)).Contains(false))
        {
            throw new NoQuorumException(mayHaveHappened: false);
        }
    }

    /// <summary>Which of the chunks are durable on a majority of the voters; those are kept for a while from now on.</summary>
    /// <exception cref="NoQuorumException">Nobody knows which nodes are voters.</exception>
    public async Task<bool[]> AreDurableAsync(IReadOnlyList<Digest> chunks)
    {
        var membership = Membership();
        var there = new Dictionary<NodeId, bool[]>();
        foreach (var replica in Current().Where(replica => membership.IsVoter(replica.Id)))
        {
            try
            {
                there[replica.Id] = await replica.Chunks.HasAsync(chunks, CancellationToken.None);
            }
            catch (ChunkSourceException)
            {
                replica.Failed();
            }
        }

        return [.. Enumerable.Range(0, chunks.Count).Select(i => membership.HasQuorum(id => there.TryGetValue(id, out var has) && has[i]))];
    }

    /// <summary>Which of the chunks some node has; a node that cannot be reached has none.</summary>
    public async Task<bool[]> HasAsync(IReadOnlyList<Digest> chunks, CancellationToken cancel)
    {
        var present = new bool[chunks.Count];
        foreach (var replica in Current())
        {
            try
            {
                var there = await replica.Chunks.HasAsync(chunks, cancel);
                for (var i = 0; i < present.Length; i++)
                {
                    present[i] |= there[i];
                }
            }
            catch (ChunkSourceException)
            {
                replica.Failed();
            }
        }

        return present;
    }

    /// <summary>Reads a chunk from any node that has it whole.</summary>
    /// <returns>Its length; null when no node that can be reached has it.</returns>
    public async Task<int?> FetchAsync(Digest chunk, Memory<byte> buffer, CancellationToken cancel)
    {
        // Another one first for each chunk, so that no single disk carries it all; those that failed lately last.
        var replicas = Current();
        var first = replicas.Count == 0 ? 0 : (int)(chunk.First % (ulong)replicas.Count);
        foreach (var replica in replicas.Skip(first).Concat(replicas.Take(first)).OrderBy(replica => replica.HasFailed))
        {
            try
            {
                if (await replica.Chunks.FetchAsync(chunk, buffer, cancel) is { } length)
                {
                    return length;
                }
            }
            catch (ChunkSourceException)
            {
                replica.Failed();
            }
        }

        return null;
    }

    public void Dispose()
    {
        foreach (var replica in _replicas.Values)
        {
            (replica.Chunks as IDisposable)?.Dispose();
        }
    }

    private Membership Membership()
    {
        var statuses = region.Cluster.Links.Select(link => link.Status).OfType<Node.Hosting.NodeStatus>().ToArray();
        return statuses.MaxBy(status => status.CommitIndex.Value)?.Membership ?? throw new NoQuorumException(mayHaveHappened: false);
    }

    /// <summary>One for each node that the cluster's client talks to.</summary>
    private List<Replica> Current()
    {
        var links = region.Cluster.Links;
        lock (_gate)
        {
            foreach (var gone in _replicas.Keys.Where(id => links.All(link => link.Id != id)).ToArray())
            {
                _replicas.Remove(gone, out var replica);
                (replica!.Chunks as IDisposable)?.Dispose();
            }

            foreach (var link in links.Where(link => !_replicas.ContainsKey(link.Id)))
            {
                if (Create(link) is { } chunks)
                {
                    _replicas.Add(link.Id, new Replica(link.Id, chunks));
                }
            }

            return [.. _replicas.Values.OrderBy(replica => replica.Id)];
        }
    }

    private IChunkReplica? Create(INodeLink link) =>
        region.Embedded?.Find(link.Id.Value) is { } node ? new LocalChunks(node)
        : Addresses.TryParse(link.Address, lowestPort: 1, out var address)
            ? new RemoteChunks(link.Id, address, new TcpNodeLinkOptions { ClientName = "gateway", Secret = region.Options.Secret })
            : null;

    private sealed class Replica(NodeId id, IChunkReplica chunks)
    {
        private int _underWay;
        private long _failedAt = long.MinValue / 2;

        public NodeId Id => id;

        public IChunkReplica Chunks => chunks;

        public bool HasFailed => Environment.TickCount64 - Interlocked.Read(ref _failedAt) < Rest.TotalMilliseconds;

        public bool IsReady => !HasFailed && Volatile.Read(ref _underWay) < MaxUnderWay;

        public void Failed() => Interlocked.Exchange(ref _failedAt, Environment.TickCount64);

        /// <returns>What went wrong, when the chunk is not durable there.</returns>
        public async Task<(NodeId Node, ChunkSourceException? Failure)> StoreAsync(Digest chunk, ChunkBuffer buffer)
        {
            buffer.Share();
            Interlocked.Increment(ref _underWay);
            try
            {
                await chunks.StoreAsync(chunk, buffer.Content, CancellationToken.None);
                return (id, null);
            }
            catch (ChunkSourceException error)
            {
                Failed();
                return (id, error);
            }
            finally
            {
                Interlocked.Decrement(ref _underWay);
                buffer.Release();
            }
        }
    }
}
