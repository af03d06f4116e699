namespace Quorate.Core.StateMachine.Blobs;

/// <summary>What became of a command about a blob. A closed hierarchy; <see cref="BlobCodec"/> knows every case.</summary>
public abstract record BlobResult : CommandResult
{
    /// <param name="Index">Log index of the commit.</param>
    /// <param name="Created">False: it replaced another content.</param>
    public sealed record Written(long Index, bool Created) : BlobResult;

    public sealed record Deleted(long Size) : BlobResult;

    public sealed record NotFound : BlobResult;

    public sealed record UploadStarted(long Number) : BlobResult;

    /// <param name="Chunks">Chunks that are durable.</param>
    public sealed record UploadAt(int Chunks) : BlobResult;

    /// <summary>No upload of this blob has this number: it was never begun, another one took its place, or it was given up.</summary>
    public sealed record UploadUnknown : BlobResult;

    /// <summary>What came does not continue what is there.</summary>
    /// <param name="Chunks">Chunks that are durable.</param>
    public sealed record UploadMismatch(int Chunks) : BlobResult;

    public sealed record UploadAborted : BlobResult;

    /// <param name="Count">Blobs that became changes for the other regions.</param>
    /// <param name="IsDone">All have that were here before.</param>
    public sealed record Adopted(int Count, bool IsDone) : BlobResult;

    /// <param name="What">What there are too many of: "blobs", "uploads" or "chunks".</param>
    public sealed record LimitReached(string What, int Limit) : BlobResult;
}
