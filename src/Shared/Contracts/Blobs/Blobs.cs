namespace Quorate.Contracts.Blobs;

/// <summary>A blob, without its content.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Of the whole content, 64 hexadecimal digits; in quotes it is the ETag.</param>
/// <param name="Chunks">Pieces of 1 MiB, the last with what is left.</param>
/// <param name="Index">Log index of the commit.</param>
public sealed record BlobView(
    string Id, long Size, string Sha256, int Chunks, string ContentType, long Index, DateTimeOffset CreatedAt, DateTimeOffset ModifiedAt);

/// <summary>A blob was committed: it is visible from now on, whole.</summary>
/// <param name="Created">False: it replaced another content.</param>
public sealed record PutBlobResponse(string Id, long Size, string Sha256, int Chunks, long Index, bool Created);

/// <param name="Size">Bytes that were deleted.</param>
public sealed record DeleteBlobResponse(string Id, long Size);

/// <summary>An upload in progress. What was received is durable on a majority of the nodes, and the blob is not visible yet.</summary>
/// <param name="Upload">Number of the upload; a later one of the same blob has another.</param>
/// <param name="Size">Bytes it is going to have; null when the client did not say.</param>
/// <param name="Received">Bytes that are durable. Go on from here, with <c>Content-Range: bytes {received}-…/{size}</c>.</param>
/// <param name="Chunks">Chunks that are durable.</param>
/// <param name="ChunkBytes">Bytes of a chunk: 1 MiB.</param>
/// <param name="ExpiresAt">When it is given up if nothing more comes.</param>
public sealed record BlobUploadView(
    string Id,
    long Upload,
    long? Size,
    long Received,
    int Chunks,
    int ChunkBytes,
    string ContentType,
    DateTimeOffset StartedAt,
    DateTimeOffset MovedAt,
    DateTimeOffset ExpiresAt);

/// <summary>How blobs do: what is on its way, and what the nodes have.</summary>
/// <param name="Blobs">Blobs in the cluster.</param>
/// <param name="Bytes">Of all blobs.</param>
/// <param name="Items">Transfers: uploads of the whole cluster, downloads from this gateway, and the oldest 100 blobs that arrive from other regions.</param>
/// <param name="Nodes">What each node has on its disk.</param>
/// <param name="Arriving">Blobs that other regions wrote and that cannot be read here yet.</param>
/// <param name="FetchedFromRegions">Chunks that this gateway got from other regions since it started.</param>
/// <param name="CorruptFromRegions">Chunks that came damaged from other regions, and were fetched again.</param>
public sealed record BlobStatus(
    DateTimeOffset At,
    long Blobs,
    long Bytes,
    IReadOnlyList<BlobTransfer> Items,
    IReadOnlyList<NodeBlobsView> Nodes,
    long Arriving = 0,
    long FetchedFromRegions = 0,
    long CorruptFromRegions = 0);

/// <param name="Kind">One of <see cref="BlobTransferKinds"/>.</param>
/// <param name="Size">Bytes altogether; null when nobody knows.</param>
/// <param name="Done">Bytes that are durable, or sent.</param>
/// <param name="BytesPerSecond">Lately, through this gateway; null when it is not under way here.</param>
/// <param name="Paused">An upload that waits for its client to go on, or a blob that waits for a region that has it.</param>
/// <param name="Region">Which region wrote a blob that arrives; null for uploads and downloads.</param>
public sealed record BlobTransfer(
    string Id, string Kind, long? Size, long Done, double? BytesPerSecond, DateTimeOffset StartedAt, bool Paused, string? Region = null);

public static class BlobTransferKinds
{
    public const string Upload = "upload";
    public const string Download = "download";

    /// <summary>From another region.</summary>
    public const string Arrival = "arrival";
}

/// <summary>The chunks of one node. The counts of what happened begin with its start.</summary>
/// <param name="Reachable">False: what is said is what it said last.</param>
/// <param name="Chunks">On its disk, also such as nobody needs any more; counted anew every minute.</param>
/// <param name="Missing">Needed and not there yet: it fetches them from other nodes.</param>
/// <param name="Fetched">Got from other nodes.</param>
/// <param name="Corrupt">Found damaged when they were read; nobody was sent one.</param>
/// <param name="Repaired">Damaged ones that were replaced by good ones.</param>
/// <param name="Collected">Deleted, because nobody needed them any more.</param>
public sealed record NodeBlobsView(
    string Node, bool Reachable, long Chunks, long Bytes, long Missing, long Fetched, long Corrupt, long Repaired, long Collected);
