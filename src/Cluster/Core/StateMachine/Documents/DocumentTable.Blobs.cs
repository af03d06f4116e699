using Quorate.Core.Clocks;
using Quorate.Core.Replication;
using Quorate.Core.Replication.Regions;
using Quorate.Core.StateMachine.Blobs;

namespace Quorate.Core.StateMachine.Documents;

/// <summary>
/// The manifests of blobs: documents of a collection that only the cluster itself writes, so that regions exchange and join them as any others. The
/// last writer wins. Followers are told of the blobs that come of them, and not of the manifests.
/// </summary>
public sealed partial class DocumentTable
{
    private const string Manifests = SyncEntry.BlobCollection;

    /// <summary>The version that writing or deleting a blob here and now makes.</summary>
    internal DocumentVersion NextManifest(string id, byte[]? manifest, in ApplyContext context) =>
        Next(ManifestsOrNew(context).Versions(id), regions.Self, manifest, context);

    /// <summary>A blob was written or deleted here.</summary>
    internal void WriteManifest(string id, DocumentVersion version, in ApplyContext context)
    {
        var collection = ManifestsOrNew(context);
        var before = collection.Versions(id);
        Write(collection, id, before, version, Overwriting(collection, id, before), context);
    }

    /// <summary>A blob was here before blobs were exchanged: nobody elsewhere has seen it, nor it what is elsewhere.</summary>
    internal void AdoptManifest(BlobManifest blob, in ApplyContext context)
    {
        var (collection, self) = (ManifestsOrNew(context), regions.Self);
        var before = collection.Versions(blob.Id);
        if (before.Versions.Any(version => version.Region == self))
        {
            return;
        }

        var value = new BlobContent(blob.Size, blob.Sha256, blob.Chunks, blob.ContentType).ToJson();
        var version = new DocumentVersion(
            self,
            Revisions.Next(null, 1, blob.ModifiedAt, self, value),
            1,
            value,
            blob.CreatedAt,
            blob.ModifiedAt,
            VectorClock.Empty.Next(self, regions.Forgotten));
        Replace(collection, blob.Id, before, before.Join(version), context);
        regions.Offer(_ => ChangeOf(self, collection, ChangeKind.Create, version.At) with { Key = blob.Id, Version = version }, context);
    }

    /// <summary>After a snapshot was read.</summary>
    internal void KeepLosers()
    {
        foreach (var (id, versions) in Get(Manifests)?.OwnVersions() ?? [])
        {
            blobs.Keep(id, versions);
        }
    }

    private static bool AreManifests(string collection) => collection == Manifests;

    private DocumentCollection ManifestsOrNew(in ApplyContext context) =>
        Get(Manifests) ?? Found(Manifests, ConflictStrategy.LastWriterWins, HlcTimestamp.Zero, context);

    private void ShowManifest(DocumentCollection collection, string id, VersionSet versions, in ApplyContext context)
    {
        var version = versions.IsEmpty || versions.Latest.IsDeletion ? null : versions.Latest;
        if (version is not null)
        {
            collection.Set(version.ToDocument(id, sequence: 0));
        }
        else if (collection.Get(id) is not null)
        {
            collection.Remove(id);
        }

        blobs.Keep(id, versions);
        blobs.Show(id, version, regions.Seen > context.Time ? regions.Seen : context.Time, context);
    }
}
