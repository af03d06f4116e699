using Quorate.Core.Clocks;
using Quorate.Core.Collections;
using Quorate.Core.Replication;

namespace Quorate.Core.StateMachine.Documents;

/// <summary>Collections by name, and how changes that were decided elsewhere are carried out on them.</summary>
internal sealed class DocumentSet
{
    private readonly CowTree<string, DroppedCollection> _dropped = new(StringComparer.Ordinal);
    private CowTree<string, DocumentCollection> _collections = New();

    public int Count => _collections.Count;

    public DocumentCollection? Get(string name) => _collections.TryGet(name, out var collection) ? collection : null;

    public IEnumerable<DocumentCollection> All() => _collections.All().Select(pair => pair.Value);

    public IEnumerable<DocumentCollection> Range(string prefix, string? from)
    {
        var start = from is not null && string.CompareOrdinal(from, prefix) > 0 ? from : prefix;
        return _collections.From(start)
            .TakeWhile(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Where(pair => pair.Key != from)
            .Select(pair => pair.Value);
    }

    public DocumentCollection Create(string name, ConflictStrategy strategy, HlcTimestamp at)
    {
        var collection = new DocumentCollection(name, strategy, at);
        _collections.Set(name, collection);
        return collection;
    }

    public void Drop(string name) => _collections.Remove(name);

    /// <summary>What is remembered of a collection that was dropped; null when it never was.</summary>
    public DroppedCollection? Dropped(string name) => _dropped.TryGet(name, out var dropped) ? dropped : null;

    /// <summary>The latest drop counts, and the latest strategy, in whichever order they come to light.</summary>
    public void Remember(DroppedCollection dropped)
    {
        var known = Dropped(dropped.Name) ?? dropped;
        var (later, other) = known.At > dropped.At ? (known, dropped) : (dropped, known);
        _dropped.Set(dropped.Name, later.Join(other.Strategy, other.StrategyAt));
    }

    public IEnumerable<DroppedCollection> AllDropped() => _dropped.All().Select(pair => pair.Value);

    /// <summary>Takes over everything that another set holds.</summary>
    public void ReplaceWith(DocumentSet other) => _collections = other._collections;

    public FrozenDocuments Freeze() => new([.. All().Select(collection => collection.Freeze())], _dropped.Freeze());

    /// <summary>Carries out a change. One that is older than what is there changes nothing: the later time wins.</summary>
    public void Apply(SyncEntry entry)
    {
        switch (entry.Operation)
        {
            case SyncOperation.CreateCollection:
                if (Get(entry.Collection) is null)
                {
                    Create(entry.Collection, entry.Strategy ?? ConflictStrategy.LastWriterWins, entry.At);
                }

                break;
            case SyncOperation.DropCollection:
                Drop(entry.Collection);
                break;
            case SyncOperation.Delete:
                if (Get(entry.Collection) is { } holder && !IsNewer(holder.Get(entry.Key!), entry.At))
                {
                    holder.Remove(entry.Key!);
                }

                break;
            default:
                if (Get(entry.Collection) is { } collection && !IsNewer(collection.Get(entry.Key!), entry.At))
                {
                    collection.Set(entry.Document!);
                }

                break;
        }
    }

    private static bool IsNewer(Document? document, HlcTimestamp than) => document is not null && document.ModifiedAt > than;

    private static CowTree<string, DocumentCollection> New() => new(StringComparer.Ordinal);
}

/// <summary>A collection that was dropped: what was last changed before is gone.</summary>
/// <param name="Strategy">The latest that it had.</param>
/// <param name="StrategyAt">Since when.</param>
internal sealed record DroppedCollection(string Name, HlcTimestamp At, ConflictStrategy Strategy, HlcTimestamp StrategyAt)
{
    /// <summary>The later of two strategies counts, as in <see cref="DocumentCollection.Join"/>.</summary>
    public DroppedCollection Join(ConflictStrategy strategy, HlcTimestamp at) =>
        at > StrategyAt || (at == StrategyAt && strategy > Strategy) ? this with { Strategy = strategy, StrategyAt = at } : this;
}

/// <summary>All collections as they were after one entry.</summary>
internal sealed record FrozenDocuments(IReadOnlyList<FrozenCollection> Collections, CowTree<string, DroppedCollection>.Frozen Dropped);
