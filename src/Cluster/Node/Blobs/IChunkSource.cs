using Quorate.Core.StateMachine.Blobs;

namespace Quorate.Node.Blobs;

/// <summary>Where chunks can be had: a node, a gateway, another region.</summary>
public interface IChunkSource
{
    /// <summary>For log lines and the console.</summary>
    string Name { get; }

    /// <summary>Which of the chunks are there, in their order. What is there is kept for a while from now on.</summary>
    /// <exception cref="ChunkSourceException">The source cannot be reached, or refuses.</exception>
    Task<bool[]> HasAsync(IReadOnlyList<Digest> chunks, CancellationToken cancel);

    /// <summary>Reads a chunk whose content has been checked against its digest.</summary>
    /// <param name="buffer">At least <see cref="BlobLimits.ChunkBytes"/>.</param>
    /// <returns>Its length; null when the source does not have it, or has it damaged.</returns>
    /// <exception cref="ChunkSourceException">The source cannot be reached, or refuses.</exception>
    Task<int?> FetchAsync(Digest chunk, Memory<byte> buffer, CancellationToken cancel);
}

/// <summary>Where chunks are kept: the disk of one node.</summary>
public interface IChunkReplica : IChunkSource
{
    /// <summary>Stores a chunk. It is durable when the task ends.</summary>
    /// <param name="data">At most <see cref="BlobLimits.ChunkBytes"/>; with the digest <paramref name="chunk"/>, which a node elsewhere checks again.</param>
    /// <exception cref="ChunkSourceException">The node cannot be reached, or refuses.</exception>
    Task StoreAsync(Digest chunk, ReadOnlyMemory<byte> data, CancellationToken cancel);

    /// <summary>What the node says of its chunks.</summary>
    /// <exception cref="ChunkSourceException">The node cannot be reached.</exception>
    Task<ChunkStatus> StatusAsync(CancellationToken cancel);
}

/// <summary>A source of chunks cannot be reached, refuses, or answers what nobody understands. Trying again later may help.</summary>
/// <param name="diskFull">There is no room for a chunk.</param>
public sealed class ChunkSourceException(string message, Exception? inner = null, bool diskFull = false) : Exception(message, inner)
{
    public bool DiskFull => diskFull;
}

/// <summary>What a node says of its chunks. The counts of what happened begin with its start.</summary>
/// <param name="Chunks">On its disk, also such as nobody needs any more.</param>
/// <param name="Bytes">Of these.</param>
/// <param name="Missing">Needed, and not on its disk yet.</param>
/// <param name="Fetched">Got from other nodes.</param>
/// <param name="Corrupt">Found damaged when they were read.</param>
/// <param name="Repaired">Damaged ones that were replaced by good ones.</param>
/// <param name="Collected">Deleted, because nobody needed them any more.</param>
public sealed record ChunkStatus(long Chunks, long Bytes, long Missing, long Fetched, long Corrupt, long Repaired, long Collected);
