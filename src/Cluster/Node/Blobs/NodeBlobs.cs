using Microsoft.Extensions.Logging;
using Quorate.Node.Hosting;
using Quorate.Node.Transport;

namespace Quorate.Node.Blobs;

/// <summary>The content of blobs on one node, from its start to its stop: the chunks on disk, who works on them, and who serves them.</summary>
public sealed class NodeBlobs : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly ChunkKeeper _keeper;
    private readonly ChunkServer _server;
    private readonly Task _keeping;

    /// <param name="peers">The other nodes that can be asked for chunks now.</param>
    /// <param name="refuses">Whether somebody of this name is not to be served now.</param>
    internal NodeBlobs(
        string node, ChunkStore store, RaftHost host, BlobOptions options, Func<IReadOnlyList<IChunkSource>> peers, Func<string, bool> refuses, ILogger logger)
    {
        Store = store;
        Threads = new ChunkThreads(node);
        _keeper = new ChunkKeeper(node, store, host, options, peers, logger);
        _server = new ChunkServer(store, Status, refuses);
        _keeping = Task.Run(() => _keeper.RunAsync(_stopping.Token));
    }

    internal ChunkStore Store { get; }

    internal ChunkThreads Threads { get; }

    public ChunkStatus Status() =>
        new(Store.Chunks, Store.Bytes, _keeper.Missing, _keeper.Fetched, Store.Corrupt, Store.Repaired, Store.Collected);

    public void Dispose()
    {
        _stopping.Cancel();
        _keeping.Wait();
        Threads.Dispose();
        _stopping.Dispose();
    }

    internal void Serve(ClientConnection connection) => _server.Serve(connection);
}
