using Quorate.Core.StateMachine.Blobs;
using Quorate.Node.Storage;

namespace Quorate.Node.Blobs;

/// <summary>The chunks of a node in the same process. It outlives stops and starts of the node.</summary>
public sealed class LocalChunks(QuorateNode node) : IChunkReplica
{
    public string Name => node.Id.Value;

    public Task<bool[]> HasAsync(IReadOnlyList<Digest> chunks, CancellationToken cancel) =>
        RunAsync(store => chunks.Select(store.Touch).ToArray());

    public Task<int?> FetchAsync(Digest chunk, Memory<byte> buffer, CancellationToken cancel) =>
        RunAsync(store => store.Read(chunk, buffer.Span));

    public Task StoreAsync(Digest chunk, ReadOnlyMemory<byte> data, CancellationToken cancel) => RunAsync(store =>
    {
        try
        {
            store.Store(chunk, data.Span);
            return true;
        }
        catch (IOException error)
        {
            throw new ChunkSourceException($"node {Name} cannot store a chunk: {error.Message}", error, DiskErrors.IsDiskFull(error));
        }
    });

    public Task<ChunkStatus> StatusAsync(CancellationToken cancel) =>
        node.Blobs is { } blobs ? Task.FromResult(blobs.Status()) : throw Stopped();

    private Task<T> RunAsync<T>(Func<ChunkStore, T> work) =>
        node.Blobs is { } blobs ? blobs.Threads.RunAsync(() => work(blobs.Store)) : throw Stopped();

    private ChunkSourceException Stopped() => new($"node {Name} is stopped");
}
