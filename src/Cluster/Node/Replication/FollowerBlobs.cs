using Microsoft.Extensions.Logging;
using Quorate.Node.Blobs;
using Quorate.Node.Storage;

namespace Quorate.Node.Replication;

/// <summary>The content of blobs at a follower: fetched behind the log of changes, chunk by chunk, so that large content holds up no document.</summary>
/// <param name="directory">The follower's data directory.</param>
public sealed class FollowerBlobs(string id, string directory, ReplicaStore store, IChunkSource source, ILogger logger)
{
    private readonly ChunkKeeper _keeper = new(
        id, new ChunkStore(new DataLayout(directory).Chunks), store, new BlobOptions(), () => [source], logger);

    /// <summary>Chunks that it is still to fetch.</summary>
    public long Missing => _keeper.Missing;

    /// <summary>Chunks that it has fetched since it started.</summary>
    public long Fetched => _keeper.Fetched;

    public Task RunAsync(CancellationToken cancel) => _keeper.RunAsync(cancel);
}
