using System.Diagnostics;
using Quorate.Core.Clocks;
using Quorate.Core.Collections;
using Quorate.Core.Replication;

namespace Quorate.Core.StateMachine.Blobs;

/// <summary>
/// Which blobs there are, and which uploads are under way. The table knows chunks by their digests only; that they are durable on a majority
/// is promised by whoever proposes a command that names them.
/// <code>
///   start ──▶ upload ──advance──▶ … ──commit──▶ blob          put ──▶ blob
///                └──abort, another start, a day of silence──▶ nothing: the blob that was there before stays as it was
/// </code>
/// </summary>
/// <remarks>
/// Invariants: 1. <see cref="References"/> of a chunk is how often blobs, uploads, arrivals and versions that lost name it; 2. every blob is found by its commit, and
/// counted in <see cref="Bytes"/>; 3. no upload outlives its patience.
/// </remarks>
public sealed partial class BlobTable(SyncTable sync)
{
    private readonly CowTree<string, BlobManifest> _blobs = new(StringComparer.Ordinal);
    private readonly CowTree<string, BlobUpload> _uploads = new(StringComparer.Ordinal);
    private readonly ExpiryIndex<string> _expiry = new(StringComparer.Ordinal);

    // Derived, rebuilt when a snapshot is read: blobs by the entry that committed them, and how often a chunk is named.
    private readonly CowTree<(long Index, string Id), BlobManifest> _byIndex = new(Comparer<(long, string)>.Create(ByIndex));
    private readonly CowTree<Digest, int> _references = new(Comparer<Digest>.Default);
    private int _named;

    /// <summary>Blobs.</summary>
    public int Count => _blobs.Count;

    /// <summary>Bytes of all blobs; content that several have in common counts with each.</summary>
    public long Bytes { get; private set; }

    /// <summary>Different chunks that are named.</summary>
    public int DistinctChunks => _references.Count;

    /// <summary>Uploads in progress, by the id of the blob.</summary>
    public IEnumerable<BlobUpload> Uploads => _uploads.All().Select(pair => pair.Value);

    internal HlcTimestamp? NextDue => _expiry.NextDue;

    public BlobManifest? Get(string id) => _blobs.TryGet(id, out var blob) ? blob : null;

    public BlobUpload? GetUpload(string id) => _uploads.TryGet(id, out var upload) ? upload : null;

    /// <summary>How often a chunk is named. 0: nobody needs it.</summary>
    public int References(Digest chunk) => _references.TryGet(chunk, out var count) ? count : 0;

    /// <summary>Blobs by id with a prefix, from <paramref name="from"/> (excluded) on. The table must not change meanwhile.</summary>
    public IEnumerable<BlobManifest> Range(string prefix, string? from = null)
    {
        var start = from is not null && string.CompareOrdinal(from, prefix) > 0 ? from : prefix;
        return _blobs.From(start)
            .TakeWhile(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Where(pair => pair.Key != from)
            .Select(pair => pair.Value);
    }

    /// <summary>Blobs that were committed after an entry of the log, oldest first. The table must not change meanwhile.</summary>
    public IEnumerable<BlobManifest> CommittedAfter(long index) => _byIndex.From((index + 1, "")).Select(pair => pair.Value);

    /// <summary>What there is as changes that would bring it about, by id; it may be read while the table goes on changing.</summary>
    public IEnumerable<SyncEntry> Export() => _blobs.Freeze().All().Select(pair => SyncEntry.Of(pair.Value));

    internal FrozenBlobs Freeze() => new(_blobs.Freeze(), _uploads.Freeze(), _arrivals.Freeze(), Adoption);

    internal BlobResult Apply(BlobCommand command, in ApplyContext context) => command switch
    {
        BlobPut or BlobUploadCommit => Refusal(command) ?? Carry(command, ContentOf(command), StampOf(command.Id, context), context),
        BlobDelete delete => Delete(delete, context),
        BlobUploadStart start => Start(start, context),
        BlobUploadAdvance advance => Advance(advance, context),
        BlobArrive arrive => Arrive(arrive, context),
        BlobUploadAbort abort => Abort(abort, context),
        _ => throw new UnreachableException(command.GetType().Name),
    };

    /// <summary>What a command that makes a blob visible would be refused with; null when nothing stands in its way.</summary>
    internal BlobResult? Refusal(BlobCommand command) => command switch
    {
        BlobPut put => Full(Get(put.Id), put.Chunks.Count),
        BlobUploadCommit commit => Refusal(commit),
        _ => null,
    };

    /// <summary>The content that a command makes visible in whose way nothing stands.</summary>
    internal BlobContent ContentOf(BlobCommand command) => command switch
    {
        BlobPut put => new BlobContent(put.Size, put.Sha256, put.Chunks, put.ContentType),
        BlobUploadCommit commit when GetUpload(commit.Id) is { } upload => new BlobContent(commit.Size, commit.Sha256, upload.Chunks, upload.ContentType),
        _ => throw new UnreachableException(command.GetType().Name),
    };

    /// <summary>Makes a content visible.</summary>
    internal BlobResult Carry(BlobCommand command, BlobContent content, BlobStamp stamp, in ApplyContext context)
    {
        if (command is BlobUploadCommit)
        {
            Forget(GetUpload(command.Id)!, context);
        }

        return Write(command.Id, content, stamp, context);
    }

    internal void ExpireDue(in ApplyContext context)
    {
        while (_expiry.TryTakeDue(context.Time, out var id))
        {
            Forget(GetUpload(id)!, context);
        }
    }

    /// <summary>On a follower: carries out a change of its source. One that is older than what is there changes nothing: the later time wins.</summary>
    internal void Follow(SyncEntry entry, in ApplyContext context)
    {
        var former = Get(entry.Key!);
        if (former?.ModifiedAt > entry.At)
        {
            return;
        }

        if (former is not null)
        {
            Remove(former);
        }

        if (entry.Blob is { } blob)
        {
            Store(blob);
        }

        context.Events.Add(new StateEvent.BlobChanged(entry.Key!));
    }

    /// <summary>On a follower: takes over what a snapshot of its source holds.</summary>
    internal void ReplaceWith(IReadOnlyList<BlobManifest> blobs, in ApplyContext context)
    {
        foreach (var former in Range("").ToList())
        {
            Remove(former);
            context.Events.Add(new StateEvent.BlobChanged(former.Id));
        }

        foreach (var blob in blobs)
        {
            Store(blob);
            context.Events.Add(new StateEvent.BlobChanged(blob.Id));
        }
    }

    internal void Restore(BlobManifest blob) => Store(blob);

    internal void Restore(BlobUpload upload) => Store(upload);

    private BlobStamp StampOf(string id, in ApplyContext context) => new(Get(id)?.CreatedAt ?? context.Time, context.Time);

    private BlobResult.Written Write(string id, BlobContent content, BlobStamp stamp, in ApplyContext context)
    {
        var former = Get(id);
        if (former is not null)
        {
            Remove(former);
        }

        var blob = new BlobManifest(id, content.Size, content.Sha256, content.Chunks, content.ContentType, context.Index, stamp.CreatedAt, stamp.At);
        Store(blob);
        sync.Append(SyncEntry.Of(blob) with { Sequence = sync.Next }, context);
        context.Events.Add(new StateEvent.BlobChanged(id));
        return new BlobResult.Written(context.Index, former is null);
    }

    private BlobResult Delete(BlobDelete delete, in ApplyContext context)
    {
        if (Get(delete.Id) is not { } blob)
        {
            return new BlobResult.NotFound();
        }

        Withdraw(blob, context.Time, context);
        return new BlobResult.Deleted(blob.Size);
    }

    private void Withdraw(BlobManifest blob, HlcTimestamp at, in ApplyContext context)
    {
        Remove(blob);
        sync.Append(new SyncEntry(sync.Next, at, SyncOperation.DeleteBlob, SyncEntry.BlobCollection, blob.Id, blob.Sha256.ToString()), context);
        context.Events.Add(new StateEvent.BlobChanged(blob.Id));
    }

    private BlobResult Start(BlobUploadStart start, in ApplyContext context)
    {
        if (GetUpload(start.Id) is { } former)
        {
            Remove(former);
        }
        else if (_uploads.Count >= BlobLimits.MaxUploads)
        {
            return new BlobResult.LimitReached("uploads", BlobLimits.MaxUploads);
        }

        Store(new BlobUpload(start.Id, context.Index, start.Size, ChunkList.Empty, start.ContentType, context.Time, context.Time));
        context.Events.Add(new StateEvent.BlobUploadMoved(start.Id));
        return new BlobResult.UploadStarted(context.Index);
    }

    private BlobResult Advance(BlobUploadAdvance advance, in ApplyContext context)
    {
        if (GetUpload(advance.Id) is not { } upload || upload.Number != advance.Number)
        {
            return new BlobResult.UploadUnknown();
        }

        // Chunks that are known already may come again, the same ones: the answer was lost.
        var known = upload.Chunks.Count - advance.First;
        var limit = BlobLimits.ChunksOf(upload.Size ?? BlobLimits.MaxBytes);
        if (known < 0 || advance.First + advance.Chunks.Count > limit || !upload.Chunks.StartsWith(advance.Chunks, advance.First))
        {
            return new BlobResult.UploadMismatch(upload.Chunks.Count);
        }

        if (known < advance.Chunks.Count)
        {
            if (_named + advance.Chunks.Count - known > BlobLimits.MaxChunks)
            {
                return new BlobResult.LimitReached("chunks", BlobLimits.MaxChunks);
            }

            _expiry.Remove(upload.ExpiresAt, upload.Id);
            upload = upload with { Chunks = upload.Chunks.Append(advance.Chunks, known), MovedAt = context.Time };
            _uploads.Set(upload.Id, upload);
            _expiry.Add(upload.ExpiresAt, upload.Id);
            Name(advance.Chunks.All().Skip(known), 1);
            context.Events.Add(new StateEvent.BlobUploadMoved(advance.Id));
        }

        return new BlobResult.UploadAt(upload.Chunks.Count);
    }

    private BlobResult? Refusal(BlobUploadCommit commit)
    {
        if (GetUpload(commit.Id) is not { } upload || upload.Number != commit.Number)
        {
            return new BlobResult.UploadUnknown();
        }

        return upload.Chunks.Count != BlobLimits.ChunksOf(commit.Size) || (upload.Size ?? commit.Size) != commit.Size
            ? new BlobResult.UploadMismatch(upload.Chunks.Count)
            : Full(Get(commit.Id), more: 0);
    }

    private BlobResult Abort(BlobUploadAbort abort, in ApplyContext context)
    {
        if (GetUpload(abort.Id) is not { } upload || upload.Number != (abort.Number ?? upload.Number))
        {
            return new BlobResult.UploadUnknown();
        }

        Forget(upload, context);
        return new BlobResult.UploadAborted();
    }

    /// <param name="more">Chunks that would be named beside those of the former blob.</param>
    private BlobResult.LimitReached? Full(BlobManifest? former, int more) =>
        former is null && Count >= BlobLimits.MaxBlobs ? new BlobResult.LimitReached("blobs", BlobLimits.MaxBlobs)
        : more > 0 && _named + more - (former?.Chunks.Count ?? 0) > BlobLimits.MaxChunks ? new BlobResult.LimitReached("chunks", BlobLimits.MaxChunks)
        : null;

    private void Forget(BlobUpload upload, in ApplyContext context)
    {
        Remove(upload);
        context.Events.Add(new StateEvent.BlobUploadMoved(upload.Id));
    }

    private void Store(BlobManifest blob)
    {
        _blobs.Set(blob.Id, blob);
        _byIndex.Set((blob.Index, blob.Id), blob);
        Bytes += blob.Size;
        Name(blob.Chunks.All(), 1);
    }

    private void Remove(BlobManifest blob)
    {
        _blobs.Remove(blob.Id);
        _byIndex.Remove((blob.Index, blob.Id));
        Bytes -= blob.Size;
        Name(blob.Chunks.All(), -1);
    }

    private void Store(BlobUpload upload)
    {
        _uploads.Set(upload.Id, upload);
        _expiry.Add(upload.ExpiresAt, upload.Id);
        Name(upload.Chunks.All(), 1);
    }

    private void Remove(BlobUpload upload)
    {
        _uploads.Remove(upload.Id);
        _expiry.Remove(upload.ExpiresAt, upload.Id);
        Name(upload.Chunks.All(), -1);
    }

    private void Name(IEnumerable<Digest> chunks, int times)
    {
        foreach (var chunk in chunks)
        {
            _named += times;
            var count = References(chunk) + times;
            if (count == 0)
            {
                _references.Remove(chunk);
            }
            else
            {
                _references.Set(chunk, count);
            }
        }
    }

    private static int ByIndex((long Index, string Id) left, (long Index, string Id) right) =>
        left.Index != right.Index ? left.Index.CompareTo(right.Index) : string.CompareOrdinal(left.Id, right.Id);
}

/// <summary>The blobs as they were after one entry.</summary>
internal sealed record FrozenBlobs(
    CowTree<string, BlobManifest>.Frozen Blobs, CowTree<string, BlobUpload>.Frozen Uploads, CowTree<string, BlobArrival>.Frozen Arrivals, BlobAdoption Adoption);
