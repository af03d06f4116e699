using System.Diagnostics;
using Quorate.Contracts.Replication;
using Quorate.Core.Replication;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Blobs;
using Quorate.Node.Replication;

namespace Quorate.Gateway.Endpoints;

/// <summary>The log of changes in the words of the contract.</summary>
internal static class SyncViews
{
    public static SyncEntryView Of(SyncEntry entry) => new(
        entry.Sequence,
        DocumentViews.Text(entry.At),
        Of(entry.Operation),
        entry.Collection,
        entry.Key,
        entry.Rev,
        entry.Document is { } document ? DocumentViews.Of(entry.Collection, document) : null,
        entry.Strategy is { } strategy ? ConflictStrategyNames.Of(strategy) : null,
        entry.Blob is { } blob ? Of(blob) : null);

    /// <summary>Age of the oldest change that somebody at this position lacks, in seconds; 0 when nothing is lacking.</summary>
    /// <param name="now">By the clock of this process.</param>
    public static double LagSeconds(ClusterState state, long sequence, DateTimeOffset now)
    {
        var oldest = sequence >= state.Sync.Last ? null : state.Sync.Get(sequence + 1) ?? state.Sync.Get(state.Sync.First);
        return oldest is null ? 0 : Math.Max(0, (now.ToUnixTimeMilliseconds() - oldest.At.UnixMs) / 1000.0);
    }

    private static BlobManifestView Of(BlobManifest blob) => new(
        blob.Size, blob.Sha256.ToString(), Convert.ToBase64String(blob.Chunks.Packed.Span), blob.ContentType, blob.Index, DocumentViews.Text(blob.CreatedAt));

    private static string Of(SyncOperation operation) => operation switch
    {
        SyncOperation.Insert => SyncOperations.Insert,
        SyncOperation.Update => SyncOperations.Update,
        SyncOperation.Delete => SyncOperations.Delete,
        SyncOperation.CreateCollection => SyncOperations.CreateCollection,
        SyncOperation.DropCollection => SyncOperations.DropCollection,
        SyncOperation.PutBlob => SyncOperations.PutBlob,
        SyncOperation.DeleteBlob => SyncOperations.DeleteBlob,
        _ => throw new UnreachableException(operation.ToString()),
    };
}
