using Quorate.Core.Clocks;
using Quorate.Core.Replication;
using Quorate.Core.Replication.Regions;

namespace Quorate.Core.StateMachine.Documents;

/// <summary>What is shown of the versions of a document, and how it becomes something else.</summary>
public sealed partial class DocumentTable
{
    /// <summary>A change made here: it has seen what was there and takes its place.</summary>
    /// <param name="before">What was there.</param>
    private void Write(
        DocumentCollection collection, string key, VersionSet before, DocumentVersion version, Settlement? settlement, in ApplyContext context)
    {
        var existed = collection.Get(key) is not null;
        Replace(collection, key, before, VersionSet.Of(version), context);
        settlement = regions.Mistake == Mistake.LoserForgotten ? null : settlement;
        if (settlement is not null)
        {
            regions.Conflicts.Settle(collection.Name, key, settlement, version, context);
        }

        var kind = version.IsDeletion ? ChangeKind.Delete : existed ? ChangeKind.Update : ChangeKind.Create;
        if (regions.Settings is { } settings)
        {
            regions.Offer(
                new ChangeEvent(
                    settings.Self, 0, kind, version.At, collection.Name, collection.Strategy, collection.CreatedAt, key, version, settlement),
                context);
        }
    }

    private static Settlement? Overwriting(DocumentCollection collection, string key, VersionSet versions) => versions.IsConflict
        ? new Settlement(Conflict.IdOf(collection.Name, key, versions), collection.Strategy, SettlementKind.Overwritten, versions.Versions)
        : null;

    private static ChangeEvent ChangeOf(string self, DocumentCollection collection, ChangeKind kind, HlcTimestamp at) =>
        new(self, 0, kind, at, collection.Name, collection.Strategy, collection.CreatedAt);

    private void Replace(DocumentCollection collection, string key, VersionSet before, VersionSet after, in ApplyContext context)
    {
        // Where there are no other regions nobody can come with an older version: a deletion need not be remembered.
        var needsDeletions = regions.Settings is not null && regions.Mistake != Mistake.DeletionForgotten;
        collection.Keep(key, !needsDeletions && after.IsDeletion ? VersionSet.Empty : after);
        Show(collection, key, after, context);
        regions.Conflicts.Changed(collection, key, before, after, context);
        regions.Remember(collection.Name, key, before, after);
        if (Forks.OriginOf(key) is { } origin && collection.Strategy == ConflictStrategy.Fork && collection.Versions(origin) is { IsConflict: true } others)
        {
            Show(collection, origin, others, context);
        }
    }

    /// <summary>Brings what can be read in line with the versions, and tells followers.</summary>
    private void Show(DocumentCollection collection, string key, VersionSet versions, in ApplyContext context)
    {
        if (AreManifests(collection.Name))
        {
            ShowManifest(collection, key, versions, context);
            return;
        }

        if (versions.Single is { } only && !collection.HasForks)
        {
            Show(collection, key, key, only, context);
            return;
        }

        var shown = Shown(collection, key, versions);
        foreach (var old in Forks.Of(collection, key).Prepend(key))
        {
            var mine = old != key || collection.ForkOf(key) is null;
            if (mine && collection.Get(old) is { } gone && shown.TrueForAll(item => item.Key != old))
            {
                collection.Remove(old);
                var rev = versions.IsEmpty ? gone.Rev : versions.Latest.Rev;
                var at = regions.Seen > context.Time ? regions.Seen : context.Time;
                sync.Append(new SyncEntry(sync.Next, at, SyncOperation.Delete, collection.Name, old, rev), context);
            }
        }

        foreach (var (name, version) in shown)
        {
            Show(collection, key, name, version, context);
        }
    }

    /// <param name="name">The key, or that of a fork.</param>
    private void Show(DocumentCollection collection, string key, string name, DocumentVersion version, in ApplyContext context)
    {
        var current = collection.Get(name);
        if (current?.Rev != version.Rev)
        {
            var document = version.ToDocument(name, sync.Next);
            sync.Append(SyncEntry.Of(collection.Name, document, current is null ? SyncOperation.Insert : SyncOperation.Update), context);
            collection.Set(document, name == key ? null : key);
        }
    }

    /// <summary>What the strategy makes of the versions: the documents to be read, by key.</summary>
    private static List<(string Key, DocumentVersion Version)> Shown(DocumentCollection collection, string key, VersionSet versions)
    {
        var living = versions.Versions.Where(version => !version.IsDeletion).ToList();
        if (collection.Strategy == ConflictStrategy.Fork && versions.IsConflict && living.Count > 0)
        {
            // A name that somebody uses already is theirs: that version is still in the ledger.
            return living.Count == 1
                ? [(key, living[0])]
                : [.. living.Select((version, position) => (Forks.NameOf(key, position), version)).Where(item => Forks.IsFree(collection, item.Item1, key))];
        }

        return versions.IsEmpty || versions.Latest.IsDeletion ? [] : [(key, versions.Latest)];
    }

    /// <summary>Before somebody writes to a fork, or to the name that was forked: the forks become documents of their own.</summary>
    private void Separate(DocumentCollection collection, string key, string region, in ApplyContext context)
    {
        var origin = collection.ForkOf(key) ?? key;
        if (collection.Strategy != ConflictStrategy.Fork || collection.Versions(origin) is not { IsConflict: true } versions)
        {
            return;
        }

        var forks = Forks.Of(collection, origin).Select(name => (Name: name, Document: collection.Get(name)!)).ToList();
        if (forks.Count == 0)
        {
            return;
        }

        Write(collection, origin, versions, Next(versions, region, value: null, context), Overwriting(collection, origin, versions), context);
        foreach (var (name, document) in forks)
        {
            var before = collection.Versions(name);
            Write(collection, name, before, Next(before, region, document.Value, context), settlement: null, context);
        }
    }
}
