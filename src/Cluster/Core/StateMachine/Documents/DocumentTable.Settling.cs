using Quorate.Core.Clocks;
using Quorate.Core.Replication.Regions;
using Quorate.Core.StateMachine.Blobs;

namespace Quorate.Core.StateMachine.Documents;

/// <summary>What operators do about conflicts and held deletions.</summary>
public sealed partial class DocumentTable
{
    internal CommandResult Resolve(ConflictResolve resolve, in ApplyContext context)
    {
        if (Settleable(resolve.Id, out var conflict, out var collection) is { } refused)
        {
            return refused;
        }

        var current = collection.Get(conflict.Key);
        if (resolve.Expected is { } expected && current?.Rev != expected)
        {
            return new RegionResult.DocumentMoved(current);
        }

        var versions = conflict.Versions;
        var chosen = resolve.Choice switch
        {
            ConflictChoice.Latest => versions.Latest,
            ConflictChoice.Region => resolve.Region is { } region ? versions.From(region) : null,
            _ => null,
        };
        if (resolve.Choice == ConflictChoice.Region && chosen is null)
        {
            return new RegionResult.NoSuchVersion([.. versions.Versions.Select(version => version.Region).Distinct()]);
        }

        if (AreManifests(collection.Name) && resolve.Choice == ConflictChoice.Value && (resolve.Value is not { } given || BlobContent.Read(given) is null))
        {
            return new RegionResult.NoSuchVersion([.. versions.Versions.Select(version => version.Region).Distinct()]);
        }

        var settlement = new Settlement(conflict.Id, collection.Strategy, SettlementKind.Resolved, versions.Versions, chosen?.Region, context.Reason);
        if (resolve.Choice == ConflictChoice.Fork)
        {
            return Fork(collection, conflict, settlement, context);
        }

        return Settle(collection, conflict, resolve.Choice == ConflictChoice.Value ? resolve.Value : chosen!.Value, settlement, context);
    }

    internal CommandResult Undo(ConflictUndo undo, in ApplyContext context)
    {
        if (Settleable(undo.Id, out var conflict, out var collection) is { } refused)
        {
            return refused;
        }

        if (!CanUndo(conflict))
        {
            return new RegionResult.NothingToUndo();
        }

        var versions = conflict.Versions;
        var before = collection.Versions(conflict.Key);
        if (!undo.Force && conflict.Last is { } last && !before.IsOnly(last.Result))
        {
            return new RegionResult.DocumentMoved(collection.Get(conflict.Key));
        }

        if (conflict.Last is { IsFork: true } forked)
        {
            Unfork(collection, conflict, forked.Result, context);
        }

        var target = Undone(conflict);
        var settlement = new Settlement(conflict.Id, collection.Strategy, SettlementKind.Undone, versions.Versions, target?.Chosen, context.Reason);
        return target is { } back
            ? Settle(collection, conflict, back.Value, settlement, context)
            : Fork(collection, conflict, settlement, context);
    }

    /// <summary>What a conflict goes back to. Null: each version lives on under a name of its own.</summary>
    private static (ReadOnlyMemory<byte>? Value, string? Chosen)? Undone(Conflict conflict)
    {
        var (all, latest) = (conflict.Versions.Versions, conflict.Versions.Latest);
        var living = all.Where(version => !version.IsDeletion).ToList();
        switch (conflict.Settlements)
        {
            // What the strategy made of it is undone by taking what it did not.
            case [] when conflict.Strategy == ConflictStrategy.LastWriterWins:
                return Of(all.First(version => version != latest));
            case [] when living.Count == 1:
                return Of(all.First(version => version.IsDeletion));

            // What somebody decided, by what the decision before it had made, or the strategy.
            case [.., var earlier, _]:
                return earlier.IsFork ? null : (earlier.Result.Value, earlier.Settlement.Chosen);
            case [{ Settlement: { Strategy: ConflictStrategy.Fork, Kind: SettlementKind.Resolved } }] when living.Count > 0:
                return living.Count == 1 ? Of(living[0]) : null;
            default:
                return Of(latest);
        }

        static (ReadOnlyMemory<byte>? Value, string? Chosen) Of(DocumentVersion version) => (version.Value, version.Region);
    }

    /// <summary>Deletes the documents that a decision made of the versions, as far as they are as it made them.</summary>
    private void Unfork(DocumentCollection collection, Conflict conflict, DocumentVersion decision, in ApplyContext context)
    {
        for (var position = 0; position < RegionSettings.MaxRegions; position++)
        {
            var name = Forks.NameOf(conflict.Key, position);
            var before = collection.Versions(name);
            if (collection.ForkOf(name) is null
                && before.Single is { } made
                && made.Region == decision.Region
                && made.At > decision.At
                && conflict.Versions.Versions.Any(made.HasSameValue))
            {
                Write(collection, name, before, Next(before, regions.Self, value: null, context), settlement: null, context);
            }
        }
    }

    /// <summary>Whether there is something to take back: a decision, or what a strategy made of two versions.</summary>
    public static bool CanUndo(Conflict conflict) => conflict.Last is { } last
        ? last.Settlement.Kind != SettlementKind.Undone
        : conflict.Strategy == ConflictStrategy.Fork || (conflict.Strategy == ConflictStrategy.LastWriterWins && conflict.Versions.Versions.Count == 2);

    internal CommandResult Release(BrakeRelease release, in ApplyContext context)
    {
        var taken = regions.Brakes.Take(release.Collection, release.Max);
        foreach (var change in taken)
        {
            Accept(change, braked: false, context);
        }

        return LetGo(release.Collection, taken.Count, context);
    }

    internal CommandResult Refuse(BrakeRefuse refuse, in ApplyContext context)
    {
        var taken = regions.Brakes.Take(refuse.Collection, refuse.Max);
        foreach (var change in taken)
        {
            Keep(change, context);
        }

        return LetGo(refuse.Collection, taken.Count, context);
    }

    private CommandResult LetGo(string collection, int count, in ApplyContext context)
    {
        if (count == 0)
        {
            return new RegionResult.BrakeNotPulled();
        }

        context.Events.Add(new StateEvent.BrakeChanged(collection));
        return new RegionResult.BrakeMoved(count, regions.Brakes.Get(collection)?.Held ?? 0);
    }

    /// <summary>
    /// Writes what was to be deleted anew: it has seen the deletion, so it comes back where that was made. Where nothing is left that could stay,
    /// the deletion is taken in like any other: the regions know of it, and this one must not be alone in forgetting it.
    /// </summary>
    private void Keep(ChangeEvent deletion, in ApplyContext context)
    {
        var collection = Get(deletion.Collection);
        if (collection is not null && deletion is { Key: { } key, Version: { } version })
        {
            if (collection.Get(key) is { } document)
            {
                Keep(collection, document, version, context);
                return;
            }

            // What is shown as forks has no document of this name, and yet the deletion may have seen one of them.
            Separate(collection, key, regions.Self, context);
        }
        else if (collection is not null)
        {
            KeepAll(collection, deletion.At, context);
            return;
        }

        Accept(deletion, braked: false, context);
    }

    private void Keep(DocumentCollection collection, Document document, DocumentVersion deletion, in ApplyContext context)
    {
        var before = collection.Versions(document.Key);
        var seen = before.Join(deletion);
        var settlement = seen.IsConflict
            ? new Settlement(
                Conflict.IdOf(collection.Name, document.Key, seen), collection.Strategy, SettlementKind.Resolved, seen.Versions, document.Region, context.Reason)
            : null;
        Write(collection, document.Key, before, Next(seen, regions.Self, document.Value, context), settlement, context);
    }

    private void KeepAll(DocumentCollection collection, HlcTimestamp droppedAt, in ApplyContext context)
    {
        // What is shown as forks has no document of its own yet that could stay.
        foreach (var (name, _) in collection.AllVersions().Where(pair => pair.Value.IsConflict).ToList())
        {
            Separate(collection, name, regions.Self, context);
        }

        foreach (var document in collection.Range("").Where(document => collection.ForkOf(document.Key) is null).ToList())
        {
            var before = collection.Versions(document.Key);
            var next = Next(before, regions.Self, document.Value, context);
            Write(collection, document.Key, before, next, Overwriting(collection, document.Key, before), context);
        }

        collection.Join(collection.Strategy, regions.Stamp(context.Time));
        regions.Offer(self => ChangeOf(self, collection, ChangeKind.CreateCollection, collection.CreatedAt), context);
        DropUpTo(collection, droppedAt, context);
    }

    private RegionResult? Settleable(string id, out Conflict conflict, out DocumentCollection collection)
    {
        (conflict, collection) = (null!, null!);
        if (regions.Conflicts.Get(id) is not { } known || Get(known.Collection) is not { } holder)
        {
            return new RegionResult.ConflictNotFound();
        }

        // The content of what lost is kept only as long as the conflict stands.
        if (AreManifests(known.Collection) && known.Live is null)
        {
            return new RegionResult.ConflictNotFound();
        }

        (conflict, collection) = (known, holder);
        if (regions.IsOutboxFull)
        {
            return new RegionResult.OutboxFull();
        }

        var versions = holder.Versions(known.Key);
        var standing = versions.IsConflict ? Conflict.IdOf(holder.Name, known.Key, versions) : id;
        return standing == id ? null : new RegionResult.OtherConflict(standing);
    }

    private RegionResult.ConflictSettled Settle(
        DocumentCollection collection, Conflict conflict, ReadOnlyMemory<byte>? value, Settlement settlement, in ApplyContext context)
    {
        var before = collection.Versions(conflict.Key);
        Write(collection, conflict.Key, before, Next(before, regions.Self, value, context), settlement, context);
        return Settled(collection, conflict);
    }

    private RegionResult.ConflictSettled Fork(DocumentCollection collection, Conflict conflict, Settlement settlement, in ApplyContext context)
    {
        var living = conflict.Versions.Versions.Where(version => !version.IsDeletion).ToList();
        var before = collection.Versions(conflict.Key);
        Write(collection, conflict.Key, before, Next(before, regions.Self, value: null, context), settlement, context);
        for (var (item, position) = (0, 0); item < living.Count && position < RegionSettings.MaxRegions; position++)
        {
            var name = Forks.NameOf(conflict.Key, position);
            if (Forks.IsFree(collection, name, conflict.Key))
            {
                var taken = collection.Versions(name);
                Write(collection, name, taken, Next(taken, regions.Self, living[item++].Value, context), settlement: null, context);
            }
        }

        return Settled(collection, conflict);
    }

    private RegionResult.ConflictSettled Settled(DocumentCollection collection, Conflict conflict) =>
        new(conflict.Id, regions.Conflicts.Get(conflict.Id)?.Status ?? ConflictStatus.Resolved, collection.Get(conflict.Key)?.Rev);
}
