using Quorate.Core.Clocks;
using Quorate.Core.StateMachine.Blobs;
using Quorate.Core.StateMachine.Documents;

namespace Quorate.Core.Replication;

public enum SyncOperation : byte
{
    Insert = 1,
    Update = 2,
    Delete = 3,
    CreateCollection = 4,
    DropCollection = 5,
    PutBlob = 6,
    DeleteBlob = 7,
}

/// <summary>A committed change of a collection, document or blob, as followers get it.</summary>
/// <param name="Sequence">Counted from 1, without gaps; 0 in an export, which has no order of its own.</param>
/// <param name="Rev">Of the change; null for collections. Of a blob the SHA-256.</param>
/// <param name="Document">What an insert or update left; null otherwise.</param>
/// <param name="Strategy">Of a collection that was created; null otherwise.</param>
/// <param name="Blob">What a blob is made of that was written; null otherwise.</param>
public sealed record SyncEntry(
    long Sequence,
    HlcTimestamp At,
    SyncOperation Operation,
    string Collection,
    string? Key = null,
    string? Rev = null,
    Document? Document = null,
    ConflictStrategy? Strategy = null,
    BlobManifest? Blob = null)
{
    /// <summary>Bytes that an entry counts with, beside names and value.</summary>
    public const int Overhead = 160;

    /// <summary>Blobs have no collection; their changes stand under this name.</summary>
    public const string BlobCollection = "_system/_blobs";

    public long Cost => Overhead + (2 * (Collection.Length + (Key?.Length ?? 0))) + (Document?.Value.Length ?? 0) + (Blob?.Chunks.Packed.Length ?? 0);

    public static SyncEntry Of(string collection, ConflictStrategy strategy, HlcTimestamp createdAt) =>
        new(0, createdAt, SyncOperation.CreateCollection, collection, Strategy: strategy);

    public bool IsOfBlob => Operation is SyncOperation.PutBlob or SyncOperation.DeleteBlob;

    public static SyncEntry Of(BlobManifest blob) =>
        new(0, blob.ModifiedAt, SyncOperation.PutBlob, BlobCollection, blob.Id, blob.Sha256.ToString(), Blob: blob);

    public static SyncEntry Of(string collection, Document document, SyncOperation operation = SyncOperation.Insert) =>
        new(document.Sequence, document.ModifiedAt, operation, collection, document.Key, document.Rev, document);
}
