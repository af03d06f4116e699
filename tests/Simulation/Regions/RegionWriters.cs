using System.Text;
using Quorate.Core.Clocks;
using Quorate.Core.Replication.Regions;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Documents;
using Quorate.Simulation.Running;
using Quorate.Simulation.Time;

namespace Quorate.Simulation.Regions;

/// <summary>Who writes in the regions, and who settles what comes of it. Remembers each value that gave way in a conflict.</summary>
internal sealed class RegionWriters(SeededRandom random)
{
    private static readonly string[] Collections = ["fork", "lww", "manual"];
    private static readonly string[] Keys = ["a", "b", "c", "a.conflict-a"];

    private readonly HashSet<string> _dropped = new(StringComparer.Ordinal);
    private int _values;

    /// <summary>Versions that were written over by somebody who may not have known them.</summary>
    public List<(string Collection, string Key, DocumentVersion Version)> Lost { get; } = [];

    public long Operations { get; private set; }

    public static ConflictStrategy StrategyOf(string collection) => collection switch
    {
        "fork" => ConflictStrategy.Fork,
        "manual" => ConflictStrategy.Manual,
        _ => ConflictStrategy.LastWriterWins,
    };

    public static IEnumerable<CollectionCreate> Setup() => Collections.Select(name => new CollectionCreate(name, StrategyOf(name)));

    /// <summary>Does one thing in a region.</summary>
    public Command Act(SimRegion region)
    {
        var command = Draw(region);
        var before = Standing(region.State).ToList();
        region.Apply(command, "simulated");
        Operations++;
        if (command is CollectionDrop drop)
        {
            // A document made anew counts from nothing, so its conflict has the name that the one before the drop had.
            _dropped.Add(drop.Collection);
        }

        if (command is DocumentCommand and not CollectionDrop or ConflictResolve or ConflictUndo)
        {
            Lost.AddRange(before.Where(item => !Holds(region.State, item)));
        }

        return command;
    }

    /// <summary>
    /// Every value that gave way is in the ledger of a region: what somebody decided says what it replaced. As long as no collection was dropped it is also
    /// among the versions of a conflict, where whoever looks sees it; or in its place something later that did not end the conflict in which it stood.
    /// </summary>
    public void CheckLedger(SimRegion region)
    {
        var ledger = region.State.Regions.Conflicts.All().ToList();
        var ended = ledger.SelectMany(conflict => conflict.Settlements)
            .SelectMany(record => record.Settlement.Versions.Select(version => (version.Rev, By: record.Result.Rev)))
            .ToHashSet();
        var replaced = ended.Select(item => item.Rev).ToHashSet();
        var shown = ledger
            .SelectMany(conflict => conflict.Versions.Versions.Select(version => (conflict.Collection, conflict.Key, Version: version)))
            .ToLookup(item => (item.Collection, item.Key), item => item.Version);
        foreach (var (collection, key, version) in Lost)
        {
            var isShown = shown[(collection, key)].Any(known => known.Rev == version.Rev
                || (known.Clock.CompareTo(version.Clock) == ClockOrder.After && !ended.Contains((version.Rev, known.Rev))));
            SimulationFailure.Unless(
                isShown || (_dropped.Contains(collection) && replaced.Contains(version.Rev)),
                Invariant.LoserKept,
                $"{region.Id} has {collection}/{key} {version.Rev} [{version.Clock}] in no conflict");
        }
    }

    private Command Draw(SimRegion region)
    {
        var (collection, key) = (random.Pick(Collections), random.Pick(Keys));
        var conflicts = region.State.Regions.Conflicts.All().ToList();
        var brakes = region.State.Regions.Brakes.Pulled.ToList();
        return random.Below(20) switch
        {
            < 4 => new DocumentDelete(collection, key, null, region.Id),
            4 when random.Chance(0.05) => new CollectionDrop(collection),
            5 => new CollectionCreate(collection, StrategyOf(collection)),
            6 or 7 when conflicts.Count > 0 => Resolve(random.Pick(conflicts)),
            8 when conflicts.Count > 0 => new ConflictUndo(random.Pick(conflicts).Id, Force: random.Chance(0.5)),
            9 when brakes.Count > 0 => random.Chance(0.5) ? new BrakeRelease(random.Pick(brakes).Collection, 3) : new BrakeRefuse(random.Pick(brakes).Collection, 3),
            _ => new DocumentPut(collection, key, null, region.Id, Value(region)),
        };
    }

    private ConflictResolve Resolve(Conflict conflict) => new(
        conflict.Id,
        (ConflictChoice)random.Between((long)ConflictChoice.Latest, (long)ConflictChoice.Value),
        random.Pick(conflict.Versions.Versions).Region,
        Encoding.UTF8.GetBytes($"\"decided {++_values}\""));

    // Now and then two regions write the same: that is no conflict.
    private byte[] Value(SimRegion region) => Encoding.UTF8.GetBytes(random.Chance(0.1) ? "\"same\"" : $"\"{region.Id} {++_values}\"");

    private static IEnumerable<(string Collection, string Key, DocumentVersion Version)> Standing(ClusterState state) =>
        state.Regions.Conflicts.All().SelectMany(conflict =>
            conflict.Live?.Versions.Select(version => (conflict.Collection, conflict.Key, version)) ?? []);

    private static bool Holds(ClusterState state, (string Collection, string Key, DocumentVersion Version) item) =>
        state.Documents.Get(item.Collection)?.Versions(item.Key).Versions.Any(version => version.Region == item.Version.Region && version.Rev == item.Version.Rev) == true;
}
