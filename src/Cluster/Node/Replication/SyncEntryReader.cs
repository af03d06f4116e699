using System.Globalization;
using System.Runtime.InteropServices;
using Quorate.Contracts.Documents;
using Quorate.Contracts.Replication;
using Quorate.Core.Clocks;
using Quorate.Core.Replication;
using Quorate.Core.StateMachine.Blobs;
using Quorate.Core.StateMachine.Documents;

namespace Quorate.Node.Replication;

/// <summary>Turns changes in the words of the contract back into what they were.</summary>
internal static class SyncEntryReader
{
    /// <exception cref="FormatException">Something is missing or of no known kind.</exception>
    public static SyncEntry Of(SyncEntryView view)
    {
        var operation = Operation(view.Operation);
        var at = Time(view.Hlc);
        if (operation is SyncOperation.Insert or SyncOperation.Update)
        {
            var document = view.Document ?? throw new FormatException($"change {view.Sequence} has no document");
            return new SyncEntry(view.Sequence, at, operation, view.Collection, document.Key, document.Rev, Of(document, at));
        }

        if (operation == SyncOperation.PutBlob)
        {
            return SyncEntry.Of(BlobOf(view, at)) with { Sequence = view.Sequence };
        }

        if (operation is SyncOperation.Delete or SyncOperation.DeleteBlob && view.Key is null)
        {
            throw new FormatException($"change {view.Sequence} has no key");
        }

        return new SyncEntry(
            view.Sequence, at, operation, view.Collection, view.Key, view.Rev, null, view.ConflictStrategy is { } name ? Strategy(name) : null);
    }

    private static Document Of(DocumentView view, HlcTimestamp at) => new(
        view.Key,
        view.Value is { } value ? JsonMarshal.GetRawUtf8Value(value).ToArray() : "null"u8.ToArray(),
        view.Rev,
        view.Generation,
        view.Sequence,
        HlcTimestamp.FromUnixMs(view.CreatedAt.ToUnixTimeMilliseconds()),
        at,
        VectorClock.Of(view.Clock),
        view.Region);

    private static BlobManifest BlobOf(SyncEntryView view, HlcTimestamp at)
    {
        var (id, blob) = (view.Key, view.Blob);
        if (id is null || blob is null || !Digest.TryParse(blob.Sha256, out var sha256))
        {
            throw new FormatException($"change {view.Sequence} does not say what the blob is made of");
        }

        var chunks = Convert.FromBase64String(blob.Chunks);
        return blob.Size is >= 0 and <= BlobLimits.MaxBytes && chunks.Length == (long)BlobLimits.ChunksOf(blob.Size) * Digest.Length
            ? new BlobManifest(id, blob.Size, sha256, new ChunkList(chunks), blob.ContentType, blob.Index, Time(blob.CreatedAt), at)
            : throw new FormatException($"the chunks of change {view.Sequence} do not make {blob.Size} bytes");
    }

    private static HlcTimestamp Time(string text) => text.Split('.') is [var ms, var counter]
        && long.TryParse(ms, NumberStyles.None, CultureInfo.InvariantCulture, out var unixMs)
        && ushort.TryParse(counter, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? new HlcTimestamp(HlcTimestamp.FromUnixMs(unixMs).Value + count)
            : throw new FormatException($"'{text}' is no hybrid logical time");

    private static SyncOperation Operation(string name) => name switch
    {
        SyncOperations.Insert => SyncOperation.Insert,
        SyncOperations.Update => SyncOperation.Update,
        SyncOperations.Delete => SyncOperation.Delete,
        SyncOperations.CreateCollection => SyncOperation.CreateCollection,
        SyncOperations.DropCollection => SyncOperation.DropCollection,
        SyncOperations.PutBlob => SyncOperation.PutBlob,
        SyncOperations.DeleteBlob => SyncOperation.DeleteBlob,
        _ => throw new FormatException($"'{name}' is no operation"),
    };

    private static ConflictStrategy Strategy(string name) =>
        ConflictStrategyNames.Parse(name) ?? throw new FormatException($"'{name}' is no strategy for conflicts");
}
