using Quorate.Core.Clocks;
using Quorate.Core.Replication;
using Quorate.Core.Replication.Regions;

namespace Quorate.Core.StateMachine.Documents;

/// <summary>Changes that other regions made.</summary>
public sealed partial class DocumentTable
{
    /// <summary>Takes a change in, in any order and however often.</summary>
    internal AcceptOutcome Accept(ChangeEvent change, in ApplyContext context) => Accept(change, braked: true, context);

    /// <summary>Everything as changes that bring it about elsewhere, whatever is there: dropped collections, collections, versions, settled conflicts.</summary>
    public IEnumerable<ChangeEvent> ExportChanges()
    {
        foreach (var dropped in _set.AllDropped())
        {
            yield return new ChangeEvent(
                regions.Self, 0, ChangeKind.DropCollection, dropped.At, dropped.Name, dropped.Strategy, dropped.StrategyAt);
        }

        foreach (var collection in _set.All())
        {
            yield return ChangeOf(regions.Self, collection, ChangeKind.CreateCollection, collection.CreatedAt);
            foreach (var (key, versions) in collection.AllVersions())
            {
                foreach (var version in versions.Versions)
                {
                    var kind = version.IsDeletion ? ChangeKind.Delete : ChangeKind.Create;
                    yield return ChangeOf(version.Region, collection, kind, version.At) with { Key = key, Version = version };
                }
            }
        }

        // What an operator has not let through here may be let through there.
        foreach (var held in regions.Brakes.Pulled.SelectMany(brake => regions.Brakes.HeldOf(brake.Collection)))
        {
            yield return held with { Number = 0 };
        }

        foreach (var conflict in regions.Conflicts.All())
        {
            foreach (var (settlement, result) in conflict.Settlements)
            {
                yield return new ChangeEvent(
                    result.Region,
                    0,
                    result.IsDeletion ? ChangeKind.Delete : ChangeKind.Update,
                    result.At,
                    conflict.Collection,
                    conflict.Strategy,
                    HlcTimestamp.Zero,
                    conflict.Key,
                    result,
                    settlement);
            }
        }
    }

    /// <summary>The coordinator has lost something: all that this region has goes to it and to the others again, whoever made it.</summary>
    internal void OfferAgain(in ApplyContext context)
    {
        foreach (var change in ExportChanges().ToList())
        {
            regions.Offer(self => change with { Origin = self, Number = 0, SentMs = 0, Again = true }, context);
        }
    }

    /// <summary>The region has got its name: what it holds is its own, and news for the others.</summary>
    internal void Adopt(string self, in ApplyContext context)
    {
        foreach (var collection in _set.All())
        {
            regions.Offer(_ => ChangeOf(self, collection, ChangeKind.CreateCollection, collection.CreatedAt), context);
            foreach (var document in collection.Range("").ToList())
            {
                var adopted = document with { Region = self, Clock = document.Clock.Rename(document.Region, self) };
                collection.Set(adopted);
                regions.Offer(
                    _ => ChangeOf(self, collection, ChangeKind.Create, adopted.ModifiedAt) with { Key = adopted.Key, Version = DocumentVersion.Of(adopted) },
                    context);
            }
        }
    }

    /// <summary>After a snapshot was read: finds what is remembered only as deleted.</summary>
    internal void RememberDeletions()
    {
        foreach (var collection in _set.All())
        {
            foreach (var (key, versions) in collection.OwnVersions())
            {
                regions.Remember(collection.Name, key, VersionSet.Empty, versions);
            }
        }
    }

    /// <summary>Forgets deletions that every region has had ten days to learn of.</summary>
    internal void ForgetDeletions(in ApplyContext context)
    {
        foreach (var (name, key) in regions.OldDeletions(context.Time))
        {
            if (Get(name) is { } collection)
            {
                var versions = collection.Versions(key);
                collection.Keep(key, VersionSet.Empty);
                regions.Remember(name, key, versions, VersionSet.Empty);
                regions.Forget(versions);
            }
        }
    }

    private AcceptOutcome Accept(ChangeEvent change, bool braked, in ApplyContext context)
    {
        regions.See(change.At);
        if (change is { Settlement: { } settlement, Key: { } key, Version: { } result })
        {
            regions.Conflicts.Settle(change.Collection, key, settlement, result, context);
        }

        var dropped = _set.Dropped(change.Collection);
        if (change.At <= dropped?.At)
        {
            // What it says of the collection's strategy may still be the latest.
            _set.Remember(DropOf(change));
            if (Get(change.Collection) is { } survivor && survivor.Join(change.Strategy, change.StrategyAt))
            {
                Restyle(survivor, context);
            }

            return AcceptOutcome.Stale;
        }

        if (change.Kind == ChangeKind.DropCollection)
        {
            return AcceptDrop(change, braked, context);
        }

        var collection = Get(change.Collection) ?? Found(change.Collection, change.Strategy, change.StrategyAt, context);
        var restyled = collection.Join(change.Strategy, change.StrategyAt);
        restyled |= dropped is not null && collection.Join(dropped.Strategy, dropped.StrategyAt);
        if (restyled)
        {
            Restyle(collection, context);
        }

        return change.Kind == ChangeKind.CreateCollection ? AcceptOutcome.Applied : AcceptVersion(collection, change, braked, context);
    }

    private AcceptOutcome AcceptVersion(DocumentCollection collection, ChangeEvent change, bool braked, in ApplyContext context)
    {
        var (key, version) = (change.Key!, change.Version!);
        var before = collection.Versions(key);
        var after = before.Join(version);
        if (ReferenceEquals(before, after))
        {
            return AcceptOutcome.Stale;
        }

        var deletes = after.Single is null && collection.Get(key) is not null && Shown(collection, key, after).Count == 0;
        if (braked && deletes && regions.Holds(change, collection.Count, 1, context))
        {
            return AcceptOutcome.Held;
        }

        Replace(collection, key, before, after, context);
        return after.IsConflict && !before.IsConflict ? AcceptOutcome.Conflict : AcceptOutcome.Applied;
    }

    private static DroppedCollection DropOf(ChangeEvent change) => new(change.Collection, change.At, change.Strategy, change.StrategyAt);

    private AcceptOutcome AcceptDrop(ChangeEvent change, bool braked, in ApplyContext context)
    {
        if (Get(change.Collection) is not { } collection)
        {
            _set.Remember(DropOf(change));
            return AcceptOutcome.Applied;
        }

        if (braked && regions.Holds(change, collection.Count, collection.Count, context))
        {
            return AcceptOutcome.Held;
        }

        collection.Join(change.Strategy, change.StrategyAt);
        DropUpTo(collection, change.At, context);
        return AcceptOutcome.Applied;
    }

    private void DropUpTo(DocumentCollection collection, HlcTimestamp at, in ApplyContext context)
    {
        if (regions.Settings is not null)
        {
            _set.Remember(new DroppedCollection(collection.Name, at, collection.Strategy, collection.CreatedAt));
            var all = collection.AllVersions().ToList();
            var stays = collection.CreatedAt > at || all.Exists(pair => pair.Value.Versions.Any(version => version.At > at));
            foreach (var (key, versions) in all)
            {
                DropUpTo(collection, key, versions, at, stays, context);
            }

            if (stays)
            {
                return;
            }
        }

        _set.Drop(collection.Name);
        sync.Append(new SyncEntry(sync.Next, context.Time, SyncOperation.DropCollection, collection.Name), context);
    }

    private void DropUpTo(DocumentCollection collection, string key, VersionSet versions, HlcTimestamp at, bool shows, in ApplyContext context)
    {
        var rest = versions.After(at);
        if (ReferenceEquals(rest, versions))
        {
            return;
        }

        regions.Forget(versions);
        if (shows)
        {
            Replace(collection, key, versions, rest, context);
        }
        else
        {
            regions.Conflicts.Changed(collection, key, versions, rest, context);
            regions.Remember(collection.Name, key, versions, rest);
        }
    }

    private void Restyle(DocumentCollection collection, in ApplyContext context)
    {
        foreach (var (key, versions) in collection.AllVersions().Where(pair => pair.Value.IsConflict).ToList())
        {
            Show(collection, key, versions, context);
            regions.Conflicts.Changed(collection, key, versions, versions, context);
        }
    }
}

/// <summary>What became of a change that another region made.</summary>
public enum AcceptOutcome : byte
{
    Applied = 1,

    /// <summary>It was known, or something that had seen it.</summary>
    Stale = 2,

    /// <summary>Applied, and it stands against another version.</summary>
    Conflict = 3,

    /// <summary>It deletes, and the brake holds it for an operator.</summary>
    Held = 4,
}
