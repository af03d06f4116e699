using FsCheck;
using FsCheck.Fluent;
using Quorate.Core.Replication.Regions;
using Quorate.Core.StateMachine.Documents;

namespace Quorate.Core.Tests.Replication.Regions;

/// <summary>Any regions that have seen the same changes, in any order and however often, hold the same, and no value that lost is forgotten.</summary>
public sealed class ConvergenceProperties
{
    private static readonly string[] Ids = ["ap", "eu", "us"];
    private static readonly string[] Collections = ["lww", "fork", "manual"];
    private static readonly string[] Keys = ["k", "l", "k.conflict-a"];

    private static Gen<List<(int Region, int Act, int A, int B)>> Scripts { get; } =
        (from region in Gen.Choose(0, 2) from act in Gen.Choose(0, 19) from a in Gen.Choose(0, 1000) from b in Gen.Choose(0, 1000) select (region, act, a, b))
        .ListOf().Select(steps => steps.Take(60).ToList());

    [Fact]
    public void Regions_AnyOrderAndAnyDuplicates_HoldTheSame() => Properties.Hold(
        Scripts,
        script =>
        {
            var (regions, changes) = Play(script);

            Deliver(regions, changes);

            Assert.Equal(regions[0].Contents(), regions[1].Contents());
            Assert.Equal(regions[0].Contents(), regions[2].Contents());
        },
        times: 1500);

    [Fact]
    public void Regions_AnyOrderAndAnyDuplicates_ForgetNoLoser() => Properties.Hold(
        Scripts.Where(script => script.TrueForAll(step => step.Act is not (16 or 17))),
        script =>
        {
            var lost = new List<(string Collection, string Key, DocumentVersion Version)>();
            var (regions, changes) = Play(script, lost);
            Deliver(regions, changes);

            foreach (var region in regions)
            {
                var kept = region.State.Regions.Conflicts.All()
                    .SelectMany(conflict => conflict.Settlements.SelectMany(record => record.Settlement.Versions).Concat(conflict.Versions.Versions)
                        .Select(version => (conflict.Collection, conflict.Key, Version: version)))
                    .ToLookup(item => (item.Collection, item.Key), item => item.Version);
                foreach (var (collection, key, version) in lost)
                {
                    Assert.True(
                        kept[(collection, key)].Any(other => other.Clock.Equals(version.Clock)),
                        $"{collection}/{key} {version.Rev} [{version.Clock}] is in no conflict of {region.Id}");
                }
            }
        },
        times: 500);

    [Fact]
    public void Snapshot_OfARegion_HoldsWhatTheRegionHolds() => Properties.Hold(Scripts, script =>
    {
        var (regions, _) = Play(script);

        foreach (var region in regions)
        {
            Assert.Equal(region.State.Freeze().Hash(), region.Replica.FromSnapshot().State.Freeze().Hash());
        }
    });

    [Fact]
    public void Conflicts_Open_AreCounted() => Properties.Hold(Scripts, script =>
    {
        var (regions, _) = Play(script);

        Assert.All(regions, region => Assert.Equal(
            region.State.Regions.Conflicts.All().Count(conflict => conflict.Status == ConflictStatus.Open), region.State.Regions.Conflicts.Open));
    });

    private static (Region[] Regions, List<ChangeEvent> Changes) Play(
        List<(int Region, int Act, int A, int B)> script, List<(string Collection, string Key, DocumentVersion Version)>? lost = null)
    {
        var regions = Ids.Select(id => new Region(id, Ids)).ToArray();
        var changes = new List<ChangeEvent>();
        regions[0].Create("lww", ConflictStrategy.LastWriterWins);
        regions[1].Create("fork", ConflictStrategy.Fork);
        regions[2].Create("manual", ConflictStrategy.Manual);
        Collect(regions, changes);
        Deliver(regions, changes);
        var number = 0;
        foreach (var (which, act, a, b) in script)
        {
            var region = regions[which];
            region.Replica.Advance(a % 7);
            var (collection, key) = (Collections[a % Collections.Length], Keys[b % Keys.Length]);
            var before = region.State.Regions.Conflicts.All()
                .SelectMany(conflict => conflict.Live?.Versions.Select(version => (conflict.Collection, conflict.Key, Version: version)) ?? []).ToList();
            switch (act)
            {
                case < 8:
                    // Few values, so that two regions now and then write the same.
                    region.Put(collection, key, act == 0 ? "same" : $"{region.Id}{number++}");
                    break;
                case < 11:
                    region.Delete(collection, key);
                    break;
                case < 13 when Any(region, a) is { } conflict:
                    region.Replica.Apply(new ConflictResolve(conflict.Id, (ConflictChoice)(1 + (b % 4)), Ids[a % 3], Region.Json($"merged{number++}")), reason: "because");
                    break;
                case 13 when Any(region, a) is { } conflict:
                    region.Replica.Apply(new ConflictUndo(conflict.Id, Force: b % 2 == 0));
                    break;
                case 16:
                    region.Replica.Apply(new CollectionDrop(collection));
                    break;
                case 17:
                    region.Create(collection, (ConflictStrategy)(1 + (b % 3)));
                    break;
                default:
                    region.Take(changes.Where((_, position) => (position * 31 + a) % 5 < 2));
                    break;
            }

            Collect(regions, changes);
            if (act < 14)
            {
                lost?.AddRange(before.Where(item => !region.State.Documents.Get(item.Collection)!.Versions(item.Key).Versions.Contains(item.Version)));
            }
        }

        return (regions, changes);
    }

    private static Conflict? Any(Region region, int a)
    {
        var all = region.State.Regions.Conflicts.All().ToList();
        return all.Count == 0 ? null : all[a % all.Count];
    }

    private static void Collect(Region[] regions, List<ChangeEvent> changes)
    {
        foreach (var region in regions)
        {
            changes.AddRange(region.News());
        }
    }

    /// <summary>Every change to every region, to each in another order, some twice.</summary>
    private static void Deliver(Region[] regions, List<ChangeEvent> changes)
    {
        for (var i = 0; i < regions.Length; i++)
        {
            var order = new Random(i + changes.Count);
            regions[i].Take(changes.OrderBy(_ => order.Next()).ToList());
            regions[i].Take(changes.Where(_ => order.Next(3) == 0));
        }
    }
}
