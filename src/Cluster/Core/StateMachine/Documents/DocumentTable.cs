using System.Diagnostics;
using Quorate.Core.Clocks;
using Quorate.Core.Replication;
using Quorate.Core.Replication.Regions;
using Quorate.Core.StateMachine.Blobs;

namespace Quorate.Core.StateMachine.Documents;

/// <summary>
/// Collections of documents with revisions: a writer who names the revision that it read is refused when somebody else was faster.
/// Every change also becomes an entry of the log that followers pull and, where there are other regions, a change for them.
/// </summary>
public sealed partial class DocumentTable(SyncTable sync, RegionTable regions, BlobTable blobs)
{
    /// <summary>Expected of a document that must not exist.</summary>
    public const string Absent = "";

    public const int MaxCollections = 1000;

    private readonly DocumentSet _set = new();

    /// <summary>Collections.</summary>
    public int Count => _set.Count - (Get(Manifests) is null ? 0 : 1);

    /// <summary>Documents of all collections.</summary>
    public long Documents => Own.Sum(collection => (long)collection.Count);

    public DocumentCollection? Get(string collection) => _set.Get(collection);

    private IEnumerable<DocumentCollection> Own => _set.All().Where(collection => !AreManifests(collection.Name));

    /// <summary>Collections by name with a prefix, from <paramref name="from"/> (excluded) on. The table must not change meanwhile.</summary>
    public IEnumerable<DocumentCollection> Range(string prefix, string? from = null) =>
        _set.Range(prefix, from).Where(collection => !AreManifests(collection.Name));

    /// <summary>What there is as changes that would bring it about, in a fixed order; it may be read while the table goes on changing.</summary>
    public IEnumerable<SyncEntry> Export()
    {
        var frozen = Freeze();
        return frozen.Collections.Where(collection => !AreManifests(collection.Name)).SelectMany(collection => collection.Documents.All()
            .Select(pair => SyncEntry.Of(collection.Name, pair.Value))
            .Prepend(SyncEntry.Of(collection.Name, collection.Strategy, collection.CreatedAt)));
    }

    /// <summary>The conflict that a document is in, or that waits again for a decision about it; null: there is none.</summary>
    public string? ConflictOf(DocumentCollection collection, string key) => collection.Versions(key) is { IsConflict: true } versions
        ? Conflict.IdOf(collection.Name, key, versions)
        : regions.Conflicts.Reopened(collection.Name, key, collection.Versions(key))?.Id;

    internal FrozenDocuments Freeze() => _set.Freeze();

    internal DocumentSet Set => _set;

    internal CommandResult Apply(DocumentCommand command, in ApplyContext context) => Refusal(command) ?? Carry(command, context);

    /// <summary>What the command would be refused with; null when nothing stands in its way.</summary>
    internal CommandResult? Refusal(DocumentCommand command)
    {
        if (regions.IsOutboxFull)
        {
            return new RegionResult.OutboxFull();
        }

        return (command, Get(command.Collection)) switch
        {
            _ when AreManifests(command.Collection) => new DocumentResult.CollectionNotFound(),
            (CollectionCreate, _) => null,
            (_, null) => new DocumentResult.CollectionNotFound(),
            (DocumentPut put, { } collection) => Refused(collection, put.Key, put.Expected),
            (DocumentDelete delete, { } collection) => Refused(collection, delete.Key, delete.Expected),
            _ => null,
        };
    }

    /// <summary>Carries out a command in whose way nothing stands.</summary>
    internal CommandResult Carry(DocumentCommand command, in ApplyContext context)
    {
        if (command is CollectionCreate create)
        {
            return Create(create, context);
        }

        var collection = Get(command.Collection)!;
        return command switch
        {
            CollectionDrop => Drop(collection, context),
            DocumentPut put => Put(collection, put, context),
            DocumentDelete delete => Delete(collection, delete, context),
            _ => throw new UnreachableException(command.GetType().Name),
        };
    }

    private DocumentResult Create(CollectionCreate create, in ApplyContext context)
    {
        if (Get(create.Collection) is { } existing)
        {
            return existing.Strategy == create.Strategy
                ? new DocumentResult.CollectionReady(Created: false)
                : new DocumentResult.CollectionDiffers(existing.Strategy);
        }

        if (Count >= MaxCollections)
        {
            return new DocumentResult.TooManyCollections(MaxCollections);
        }

        var collection = Found(create.Collection, create.Strategy, regions.Stamp(context.Time), context);
        regions.Offer(self => ChangeOf(self, collection, ChangeKind.CreateCollection, collection.CreatedAt), context);
        return new DocumentResult.CollectionReady(Created: true);
    }

    private DocumentResult.CollectionDropped Drop(DocumentCollection collection, in ApplyContext context)
    {
        var (count, at) = (collection.Count, regions.Stamp(context.Time));
        regions.Offer(self => ChangeOf(self, collection, ChangeKind.DropCollection, at), context);
        DropUpTo(collection, at, context);
        return new DocumentResult.CollectionDropped(count);
    }

    private DocumentResult.Written Put(DocumentCollection collection, DocumentPut put, in ApplyContext context)
    {
        var current = collection.Get(put.Key);
        Separate(collection, put.Key, put.Region, context);
        var before = collection.Versions(put.Key);
        var version = Next(before, put.Region, put.Value, context);
        Write(collection, put.Key, before, version, Overwriting(collection, put.Key, before), context);
        return new DocumentResult.Written(version.Rev, sync.Last, current is null);
    }

    private DocumentResult Delete(DocumentCollection collection, DocumentDelete delete, in ApplyContext context)
    {
        if (collection.Get(delete.Key) is null)
        {
            return new DocumentResult.NotFound();
        }

        Separate(collection, delete.Key, delete.Region, context);
        var before = collection.Versions(delete.Key);
        var version = Next(before, delete.Region, value: null, context);
        Write(collection, delete.Key, before, version, Overwriting(collection, delete.Key, before), context);
        return new DocumentResult.Deleted(version.Rev, sync.Last);
    }

    private CommandResult? Refused(DocumentCollection collection, string key, string? expected)
    {
        var current = collection.Get(key);
        var asExpected = expected switch
        {
            null => true,
            Absent => current is null,
            _ => current?.Rev == expected,
        };
        if (!asExpected)
        {
            return new DocumentResult.Conflict(current);
        }

        return collection.Strategy == ConflictStrategy.Manual && ConflictOf(collection, key) is { } conflict
            ? new RegionResult.ConflictOpen(conflict)
            : null;
    }

    private DocumentCollection Found(string name, ConflictStrategy strategy, HlcTimestamp at, in ApplyContext context)
    {
        var collection = _set.Create(name, strategy, at);
        if (AreManifests(name))
        {
            return collection;
        }

        sync.Append(SyncEntry.Of(name, strategy, at) with { Sequence = sync.Next }, context);
        return collection;
    }

    /// <summary>The version that a write here and now makes: it has seen everything that is there.</summary>
    private DocumentVersion Next(VersionSet before, string region, ReadOnlyMemory<byte>? value, in ApplyContext context)
    {
        var at = regions.Stamp(context.Time);

        // The same string for all documents, and not one for each command that was read.
        region = region == regions.Self ? regions.Self : region;
        var (generation, createdAt) = (1L, HlcTimestamp.Never);
        foreach (var version in before.AsSpan())
        {
            if (!version.IsDeletion)
            {
                generation = Math.Max(generation, version.Generation + 1);
                createdAt = version.CreatedAt < createdAt ? version.CreatedAt : createdAt;
            }
        }

        return new DocumentVersion(
            region,
            Revisions.Next(before.IsEmpty ? null : before.Latest.Rev, generation, at, region, value.GetValueOrDefault().Span),
            generation,
            value,
            createdAt == HlcTimestamp.Never ? at : createdAt,
            at,
            (regions.Mistake == Mistake.ClockNotJoined && !before.IsEmpty ? before.Latest.Clock : before.Clock).Next(region, regions.Forgotten));
    }
}
