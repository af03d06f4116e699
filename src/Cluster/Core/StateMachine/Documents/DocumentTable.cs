using System.Diagnostics;
using Quorate.Core.Collections;
using Quorate.Core.Replication;

namespace Quorate.Core.StateMachine.Documents;

/// <summary>
/// Collections of documents with revisions: a writer who names the revision that it read is refused when somebody else was faster.
/// Every change also becomes an entry of the log that followers pull.
/// </summary>
public sealed class DocumentTable(SyncTable sync)
{
    /// <summary>Expected of a document that must not exist.</summary>
    public const string Absent = "";

    public const int MaxCollections = 1000;

    private readonly DocumentSet _set = new();

    /// <summary>Collections.</summary>
    public int Count => _set.Count;

    /// <summary>Documents of all collections.</summary>
    public long Documents => _set.All().Sum(collection => (long)collection.Count);

    public DocumentCollection? Get(string collection) => _set.Get(collection);

    /// <summary>Collections by name with a prefix, from <paramref name="from"/> (excluded) on. The table must not change meanwhile.</summary>
    public IEnumerable<DocumentCollection> Range(string prefix, string? from = null) => _set.Range(prefix, from);

    /// <summary>What there is as changes that would bring it about, in a fixed order; it may be read while the table goes on changing.</summary>
    public IEnumerable<SyncEntry> Export()
    {
        var frozen = Freeze();
        return frozen.SelectMany(collection => collection.Documents.All()
            .Select(pair => SyncEntry.Of(collection.Name, pair.Value))
            .Prepend(SyncEntry.Of(collection.Name, collection.Strategy, collection.CreatedAt)));
    }

    internal IReadOnlyList<FrozenCollection> Freeze() => _set.Freeze();

    internal DocumentSet Set => _set;

    internal DocumentResult Apply(DocumentCommand command, in ApplyContext context)
    {
        if (command is CollectionCreate create)
        {
            return Create(create, context);
        }

        if (Get(command.Collection) is not { } collection)
        {
            return new DocumentResult.CollectionNotFound();
        }

        return command switch
        {
            CollectionDrop => Drop(collection, context),
            DocumentPut put => Put(collection, put, context),
            DocumentDelete delete => Delete(collection, delete, context),
            _ => throw new UnreachableException(command.GetType().Name),
        };
    }

    private DocumentResult Create(CollectionCreate create, ApplyContext context)
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

        _set.Create(create.Collection, create.Strategy, context.Time);
        sync.Append(sequence => SyncEntry.Of(create.Collection, create.Strategy, context.Time) with { Sequence = sequence }, context);
        return new DocumentResult.CollectionReady(Created: true);
    }

    private DocumentResult.CollectionDropped Drop(DocumentCollection collection, ApplyContext context)
    {
        _set.Drop(collection.Name);
        sync.Append(sequence => new SyncEntry(sequence, context.Time, SyncOperation.DropCollection, collection.Name), context);
        return new DocumentResult.CollectionDropped(collection.Count);
    }

    private DocumentResult Put(DocumentCollection collection, DocumentPut put, ApplyContext context)
    {
        var current = collection.Get(put.Key);
        if (!AsExpected(current, put.Expected))
        {
            return new DocumentResult.Conflict(current);
        }

        var entry = sync.Append(
            sequence =>
            {
                var document = new Document(
                    put.Key,
                    put.Value,
                    Revisions.Next(current, context.Time, put.Region, put.Value.Span),
                    (current?.Generation ?? 0) + 1,
                    sequence,
                    current?.CreatedAt ?? context.Time,
                    context.Time,
                    (current?.Clock ?? Clocks.VectorClock.Empty).Next(put.Region),
                    put.Region);
                return SyncEntry.Of(collection.Name, document) with
                {
                    Operation = current is null ? SyncOperation.Insert : SyncOperation.Update,
                };
            },
            context);
        collection.Set(entry.Document!);
        return new DocumentResult.Written(entry.Rev!, entry.Sequence, current is null);
    }

    private DocumentResult Delete(DocumentCollection collection, DocumentDelete delete, ApplyContext context)
    {
        var current = collection.Get(delete.Key);
        if (!AsExpected(current, delete.Expected))
        {
            return new DocumentResult.Conflict(current);
        }

        if (current is null)
        {
            return new DocumentResult.NotFound();
        }

        collection.Remove(delete.Key);
        var rev = Revisions.Next(current, context.Time, delete.Region, default);
        var entry = sync.Append(
            sequence => new SyncEntry(sequence, context.Time, SyncOperation.Delete, collection.Name, delete.Key, rev), context);
        return new DocumentResult.Deleted(rev, entry.Sequence);
    }

    private static bool AsExpected(Document? current, string? expected) => expected switch
    {
        null => true,
        Absent => current is null,
        _ => current?.Rev == expected,
    };
}
