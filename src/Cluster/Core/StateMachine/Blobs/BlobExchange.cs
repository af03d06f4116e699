using Quorate.Core.Replication.Regions;
using Quorate.Core.Replication.Regions.Exchange;
using Quorate.Core.StateMachine.Documents;

namespace Quorate.Core.StateMachine.Blobs;

/// <summary>
/// Carries out commands about blobs. Since the cluster was told to exchange blobs (<see cref="BlobsAdopt"/>), what is written or deleted here is also
/// a version of the blob's manifest, which goes to the other regions as documents do. What the log says before that means what it always meant.
/// </summary>
internal sealed class BlobExchange(BlobTable blobs, DocumentTable documents, RegionTable regions)
{
    internal CommandResult Apply(BlobCommand command, in ApplyContext context) => command switch
    {
        BlobsAdopt adopt => Adopt(adopt, context),
        BlobPut or BlobUploadCommit when blobs.Adoption.HasBegun => Write(command, context),
        BlobDelete when blobs.Adoption.HasBegun => Delete(command.Id, context),
        _ => blobs.Apply(command, context),
    };

    private CommandResult Write(BlobCommand command, in ApplyContext context)
    {
        if (regions.IsOutboxFull)
        {
            return new RegionResult.OutboxFull();
        }

        if (blobs.Refusal(command) is { } refusal)
        {
            return refusal;
        }

        var content = blobs.ContentOf(command);
        var version = documents.NextManifest(command.Id, content.ToJson(), context);
        var written = blobs.Carry(command, content, new BlobStamp(version.CreatedAt, version.At), context);
        documents.WriteManifest(command.Id, version, context);
        return written;
    }

    private CommandResult Delete(string id, in ApplyContext context)
    {
        if (regions.IsOutboxFull)
        {
            return new RegionResult.OutboxFull();
        }

        if ((blobs.Get(id)?.Size ?? blobs.GetArrival(id)?.Content.Size) is not { } size)
        {
            return new BlobResult.NotFound();
        }

        documents.WriteManifest(id, documents.NextManifest(id, null, context), context);
        return new BlobResult.Deleted(size);
    }

    private CommandResult Adopt(BlobsAdopt adopt, in ApplyContext context)
    {
        if (regions.Settings is null)
        {
            return new ExchangeResult.RegionUnknown("");
        }

        var (count, through) = (0, blobs.Adoption.Through);
        foreach (var blob in blobs.Range("", through).Take(adopt.Max).ToList())
        {
            if (regions.IsOutboxFull)
            {
                blobs.Adopted(new BlobAdoption(HasBegun: true, IsDone: false, through));
                return new BlobResult.Adopted(count, IsDone: false);
            }

            documents.AdoptManifest(blob, context);
            (count, through) = (count + 1, blob.Id);
        }

        var done = blobs.Adoption.IsDone || count < adopt.Max;
        blobs.Adopted(new BlobAdoption(HasBegun: true, done, through));
        return new BlobResult.Adopted(count, done);
    }
}

/// <summary>When a blob was written, as the regions agree on it.</summary>
internal readonly record struct BlobStamp(Clocks.HlcTimestamp CreatedAt, Clocks.HlcTimestamp At);
