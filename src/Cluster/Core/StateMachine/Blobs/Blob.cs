using Quorate.Core.Clocks;

namespace Quorate.Core.StateMachine.Blobs;

/// <summary>How blobs are cut, and how large they may be. Part of the state's meaning: the same on every node.</summary>
public static class BlobLimits
{
    /// <summary>Bytes of every chunk but the last, which has what is left.</summary>
    public const int ChunkBytes = 1 << 20;

    /// <summary>Bytes of the largest blob: 16 GiB, whose list of chunks has 512 KiB.</summary>
    public const long MaxBytes = 16L << 30;

    public const int MaxBlobs = 100_000;

    /// <summary>Chunks that blobs and uploads name, all together: 1 TiB, whose lists have 32 MiB.</summary>
    public const int MaxChunks = 1 << 20;

    /// <summary>Uploads in progress.</summary>
    public const int MaxUploads = 1000;

    /// <summary>An upload that goes on no more for so long is given up: a day.</summary>
    public const long UploadPatienceMs = 24L * 60 * 60 * 1000;

    /// <summary>Longest content type, in characters.</summary>
    public const int MaxContentType = 200;

    public static int ChunksOf(long size) => (int)((size + ChunkBytes - 1) / ChunkBytes);
}

/// <summary>What a blob is made of. The content is on the disks of the nodes, chunk by chunk; here is how to put it together.</summary>
/// <param name="Size">Bytes, from 0 to <see cref="BlobLimits.MaxBytes"/>.</param>
/// <param name="Sha256">Of the whole content.</param>
/// <param name="Chunks">As many as the size asks for.</param>
/// <param name="Index">Log index of the entry that committed it.</param>
public sealed record BlobManifest(
    string Id, long Size, Digest Sha256, ChunkList Chunks, string ContentType, long Index, HlcTimestamp CreatedAt, HlcTimestamp ModifiedAt);

/// <summary>An upload in progress: what of it is durable on a majority of the nodes, so that anybody can go on with it.</summary>
/// <param name="Number">Log index of its beginning; a later upload of the same blob has another one.</param>
/// <param name="Size">Bytes it is going to have; null when the client did not say.</param>
/// <param name="Chunks">The chunks that are durable, from the beginning on without a gap.</param>
public sealed record BlobUpload(
    string Id, long Number, long? Size, ChunkList Chunks, string ContentType, HlcTimestamp StartedAt, HlcTimestamp MovedAt)
{
    /// <summary>Bytes that are durable; the next ones begin here.</summary>
    public long Received => Math.Min((long)Chunks.Count * BlobLimits.ChunkBytes, Size ?? long.MaxValue);

    internal HlcTimestamp ExpiresAt => MovedAt.AddMs(BlobLimits.UploadPatienceMs);
}
