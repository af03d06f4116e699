using Quorate.Core.Clocks;
using Quorate.Core.Collections;
using Quorate.Core.Replication.Regions.Exchange;
using Quorate.Core.StateMachine;

namespace Quorate.Core.Replication.Regions;

/// <summary>What this region's cluster knows of itself, of the others, and of the time that it has seen.</summary>
public sealed class RegionTable(Outbox outbox)
{
    /// <summary>Deletions forgotten with one entry of the log at most.</summary>
    private const int ForgetAtOnce = 100;

    private readonly CowTree<(HlcTimestamp At, string Collection, string Key), bool> _deletions = new(ByAge);

    /// <summary>Null: there are no other regions.</summary>
    public RegionSettings? Settings { get; private set; }

    /// <summary>This region; empty when there are no others.</summary>
    public string Self => Settings?.Self ?? "";

    public ConflictTable Conflicts { get; } = new();

    public BrakeTable Brakes { get; } = new();

    /// <summary>The latest time of a change from anywhere: own changes are stamped after it.</summary>
    public HlcTimestamp Seen { get; private set; }

    /// <summary>The highest number of an own change that is not remembered any more: new ones are higher, so that none is taken for it.</summary>
    public long Forgotten { get; private set; }

    /// <summary>Documents that are remembered only as deleted.</summary>
    public int Deletions => _deletions.Count;

    /// <summary>Whether so much waits for the coordinator that no change can be taken on.</summary>
    public bool IsOutboxFull => Settings is { } settings && outbox.IsFull(settings);

    /// <summary>A mistake to make on purpose; only a simulation sets it.</summary>
    internal Mistake Mistake { get; set; }

    private static Comparer<(HlcTimestamp At, string Collection, string Key)> ByAge { get; } =
        Comparer<(HlcTimestamp At, string Collection, string Key)>.Create(static (left, right) =>
            left.At != right.At ? left.At.CompareTo(right.At)
            : string.CompareOrdinal(left.Collection, right.Collection) is var order and not 0 ? order
            : string.CompareOrdinal(left.Key, right.Key));

    internal void Configure(RegionSettings settings) => Settings = settings;

    internal void See(HlcTimestamp time) => Seen = time > Seen ? time : Seen;

    /// <summary>The time of a change that this region makes now: after everything that it has seen.</summary>
    internal HlcTimestamp Stamp(HlcTimestamp now)
    {
        if (Settings is null)
        {
            return now;
        }

        var stamp = now > Seen ? now : new HlcTimestamp(Seen.Value + 1);
        See(stamp);
        return stamp;
    }

    /// <summary>A change made here, for the others; nothing happens when there are none.</summary>
    internal void Offer(Func<string, ChangeEvent> make, in ApplyContext context)
    {
        if (Settings is { } settings)
        {
            Offer(make(settings.Self), context);
        }
    }

    internal void Offer(ChangeEvent change, in ApplyContext context) => outbox.Enqueue(change, context);

    internal bool Holds(ChangeEvent change, long documents, long count, in ApplyContext context)
    {
        var held = Settings is { } settings && Brakes.Holds(change, documents, count, settings, context.Time);
        if (held)
        {
            context.Events.Add(new StateEvent.BrakeChanged(change.Collection));
        }

        return held;
    }

    /// <summary>The versions of a document have become others: what is only a deletion by now is remembered for a while.</summary>
    internal void Remember(string collection, string key, VersionSet before, VersionSet after)
    {
        if (before.IsDeletion)
        {
            _deletions.Remove((before.Latest.At, collection, key));
        }

        if (Settings is not null && after.IsDeletion)
        {
            _deletions.Set((after.Latest.At, collection, key), true);
        }
    }

    internal void Forget(VersionSet versions) => Forgotten = Math.Max(Forgotten, versions.Clock[Self]);

    internal IReadOnlyList<(string Collection, string Key)> OldDeletions(HlcTimestamp now) => _deletions.Count == 0
        ? []
        : [.. _deletions.All()
            .Select(pair => pair.Key)
            .TakeWhile(item => item.At.AddMs(RegionSettings.KeepDeletionsMs) <= now)
            .Take(ForgetAtOnce)
            .Select(item => (item.Collection, item.Key))];

    internal FrozenRegion Freeze() => new(Settings, Seen, Forgotten, Conflicts.Freeze(), Brakes.Freeze());

    internal void Restore(RegionSettings? settings, HlcTimestamp seen, long forgotten) => (Settings, Seen, Forgotten) = (settings, seen, forgotten);
}
