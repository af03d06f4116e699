namespace Quorate.Core.StateMachine.Blobs;

/// <summary>A command about a blob. None carries content: that is on the nodes' disks before.</summary>
public abstract record BlobCommand(string Id) : Command;

/// <summary>Commits a blob whose chunks are durable on a majority of the nodes. It replaces the one that has the id.</summary>
/// <param name="Chunks">As many as the size asks for.</param>
public sealed record BlobPut(string Id, long Size, Digest Sha256, ChunkList Chunks, string ContentType) : BlobCommand(Id);

/// <summary>Deletes a blob. Its chunks go later, when nobody names them any more.</summary>
public sealed record BlobDelete(string Id) : BlobCommand(Id);

/// <summary>Begins an upload; one that is in progress for the same blob is given up.</summary>
/// <param name="Size">Bytes it is going to have; null when nobody knows yet.</param>
public sealed record BlobUploadStart(string Id, long? Size, string ContentType) : BlobCommand(Id);

/// <summary>More chunks of an upload are durable on a majority of the nodes.</summary>
/// <param name="Number">The upload, as its beginning was answered.</param>
/// <param name="First">Place of the first of <paramref name="Chunks"/> in the blob, from 0.</param>
public sealed record BlobUploadAdvance(string Id, long Number, int First, ChunkList Chunks) : BlobCommand(Id);

/// <summary>Makes a complete upload the blob.</summary>
/// <param name="Size">Bytes; the chunks of the upload must be as many as that asks for.</param>
public sealed record BlobUploadCommit(string Id, long Number, long Size, Digest Sha256) : BlobCommand(Id);

/// <summary>More chunks of a blob that another region wrote are durable on a majority of the nodes here. With the last one it becomes visible.</summary>
/// <param name="Number">The arrival; see <see cref="BlobArrival.Number"/>.</param>
/// <param name="First">Place of the first of them in the blob, from 0.</param>
public sealed record BlobArrive(string Id, long Number, int First, int Count) : BlobCommand(Id);

/// <summary>
/// Begins to exchange blobs with the other regions: from now on every write is a change for them, and blobs that were here before become changes,
/// some with each command.
/// </summary>
/// <param name="Max">At most so many; from 1.</param>
public sealed record BlobsAdopt(int Max) : BlobCommand("");

/// <summary>Gives an upload up.</summary>
/// <param name="Number">Null: whichever is in progress.</param>
public sealed record BlobUploadAbort(string Id, long? Number) : BlobCommand(Id);
