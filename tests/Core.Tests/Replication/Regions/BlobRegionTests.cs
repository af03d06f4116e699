using FsCheck;
using FsCheck.Fluent;
using Quorate.Core.Replication;
using Quorate.Core.Replication.Regions;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Blobs;
using Quorate.Core.StateMachine.Documents;
using Quorate.Core.Tests.StateMachine;

namespace Quorate.Core.Tests.Replication.Regions;

/// <summary>Blobs between regions: the same everywhere once every manifest and every chunk has come, and visible nowhere before.</summary>
public sealed class BlobRegionTests
{
    private static readonly string[] Ids = ["ap", "eu", "us"];

    private readonly Region _eu = Exchanging("eu");
    private readonly Region _us = Exchanging("us");

    [Fact]
    public void Put_InOneRegion_IsVisibleInAnotherWithTheLastChunk()
    {
        Put(_eu, "a", seed: 1, chunks: 3);
        _us.Take(_eu.News());

        var arrival = _us.State.Blobs.GetArrival("a")!;
        Assert.Equal(("eu", 0, 3), (arrival.Region, arrival.Held, arrival.Content.Chunks.Count));
        Assert.Null(_us.State.Blobs.Get("a"));
        Assert.Equal(1, _us.State.Blobs.References(BlobSteps.Digest(1)));
        Assert.Equal(new BlobResult.UploadAt(2), _us.Replica.Apply(new BlobArrive("a", arrival.Number, 0, 2)));
        Assert.Equal(new BlobResult.UploadMismatch(2), _us.Replica.Apply(new BlobArrive("a", arrival.Number, 3, 1)));
        Assert.Null(_us.State.Blobs.Get("a"));

        Assert.IsType<BlobResult.Written>(_us.Replica.Apply(new BlobArrive("a", arrival.Number, 2, 1)));

        Assert.Equal(Shown(_eu), Shown(_us));
        Assert.Equal(0, _us.State.Blobs.Arriving);
        Assert.Equal(SyncOperation.PutBlob, _us.State.Sync.Get(_us.State.Sync.Last)!.Operation);
    }

    [Fact]
    public void Put_BeforeBlobsAreExchanged_IsNoChangeUntilItIsAdopted()
    {
        var region = new Region("eu", "eu", "us");
        Put(region, "a", 1, 1);
        Put(region, "b", 2, 1);
        Assert.Equal(0, region.State.Outbox.Count);

        Assert.Equal(new BlobResult.Adopted(1, IsDone: false), region.Replica.Apply(new BlobsAdopt(1)));
        Assert.Equal(1, region.State.Outbox.Count);
        Assert.Equal(new BlobResult.Adopted(1, IsDone: false), region.Replica.Apply(new BlobsAdopt(1)));
        Assert.Equal(new BlobResult.Adopted(0, IsDone: true), region.Replica.Apply(new BlobsAdopt(1)));
        Put(region, "c", 3, 1);

        Assert.Equal(3, region.State.Outbox.Count);
        _us.Take(region.News());
        Assert.Equal(3, _us.State.Blobs.Arriving);
    }

    [Fact]
    public void Snapshot_BeforeBlobsAreExchanged_IsOneThatOlderVersionsRead()
    {
        var region = new Region("eu", "eu", "us");
        Put(region, "a", 1, 1);
        Assert.DoesNotContain(region.State.Freeze().Records(), record => record.Span[0] is SnapshotTags.BlobAdoption or SnapshotTags.BlobArrival);

        region.Replica.Apply(new BlobsAdopt(1));

        Assert.Contains(region.State.Freeze().Records(), record => record.Span[0] is SnapshotTags.BlobAdoption);
    }

    [Fact]
    public void Put_InTwoRegionsAtOnce_LastWriterWinsAndTheLoserIsInTheLedgerWithItsContent()
    {
        Put(_eu, "a", seed: 1, chunks: 1);
        _us.Replica.Advance(10);
        Put(_us, "a", seed: 2, chunks: 1);
        Exchange(_eu, _us);
        ArriveAll(_eu);
        ArriveAll(_us);

        Assert.Equal(BlobSteps.Digest(2), _eu.State.Blobs.Get("a")!.Sha256);
        Assert.Equal(Shown(_eu), Shown(_us));
        Assert.Equal(_eu.Contents(), _us.Contents());
        var conflict = _eu.OnlyConflict();
        Assert.Equal((ConflictStatus.Automatic, SyncEntry.BlobCollection, "a"), (conflict.Status, conflict.Collection, conflict.Key));
        Assert.Equal(1, _eu.State.Blobs.References(BlobSteps.Digest(1)));
        Assert.Equal(1, _eu.Replica.FromSnapshot().State.Blobs.References(BlobSteps.Digest(1)));

        Assert.IsType<RegionResult.ConflictSettled>(_us.Replica.Apply(new ConflictResolve(conflict.Id, ConflictChoice.Region, "eu")));
        Exchange(_eu, _us);
        ArriveAll(_eu);
        ArriveAll(_us);

        Assert.Equal(BlobSteps.Digest(1), _us.State.Blobs.Get("a")!.Sha256);
        Assert.Equal(Shown(_eu), Shown(_us));
        Assert.Equal(0, _eu.State.Blobs.References(BlobSteps.Digest(2)));
        Assert.IsType<RegionResult.ConflictNotFound>(_us.Replica.Apply(new ConflictUndo(conflict.Id)));
    }

    [Fact]
    public void Put_OfTheSameContentAtTheSameTime_IsShownAlikeEverywhere()
    {
        Put(_eu, "a", seed: 1, chunks: 1);
        _eu.Replica.Advance(5);
        _us.Replica.Advance(5);
        Put(_eu, "a", seed: 2, chunks: 1);
        Put(_us, "a", seed: 2, chunks: 1);
        Assert.Equal(_eu.State.Blobs.Get("a")!.ModifiedAt, _us.State.Blobs.Get("a")!.ModifiedAt);
        Assert.NotEqual(_eu.State.Blobs.Get("a")!.CreatedAt, _us.State.Blobs.Get("a")!.CreatedAt);

        Exchange(_eu, _us);
        ArriveAll(_eu);
        ArriveAll(_us);

        Assert.Equal(Shown(_us), Shown(_eu));
    }

    [Fact]
    public void Delete_OfABlobThatIsStillArriving_EndsItHereAndElsewhere()
    {
        Put(_eu, "a", 1, 2);
        _us.Take(_eu.News());

        Assert.IsType<BlobResult.Deleted>(_us.Replica.Apply(new BlobDelete("a")));
        Assert.Equal(new BlobResult.NotFound(), _us.Replica.Apply(new BlobDelete("a")));
        Exchange(_eu, _us);

        Assert.Equal((0, 0, 0), (_us.State.Blobs.Arriving, _us.State.Blobs.DistinctChunks, _eu.State.Blobs.Count));
        Assert.Equal(SyncOperation.DeleteBlob, _eu.State.Sync.Get(_eu.State.Sync.Last)!.Operation);
    }

    [Fact]
    public void Put_OverABlobThatIsStillArriving_TakesItsPlaceEverywhere()
    {
        Put(_eu, "a", 1, 2);
        _us.Take(_eu.News());
        var arrival = _us.State.Blobs.GetArrival("a")!;

        Put(_us, "a", 4, 1);

        Assert.Equal(new BlobResult.UploadUnknown(), _us.Replica.Apply(new BlobArrive("a", arrival.Number, 0, 2)));
        Exchange(_eu, _us);
        ArriveAll(_eu);
        Assert.Equal(Shown(_us), Shown(_eu));
        Assert.Empty(_eu.State.Regions.Conflicts.All());
    }

    [Fact]
    public void Manifests_AreNobodysDocuments()
    {
        Put(_eu, "a", 1, 1);

        Assert.Equal((0, 0L), (_eu.State.Documents.Count, _eu.State.Documents.Documents));
        Assert.Empty(_eu.State.Documents.Range(""));
        Assert.Empty(_eu.State.Documents.Export());
        Assert.Equal(1, _eu.State.Sync.Last);
        Assert.Equal(new DocumentResult.CollectionNotFound(), _eu.Put(SyncEntry.BlobCollection, "a", "x"));
        Assert.Equal(new DocumentResult.CollectionNotFound(), _eu.Replica.Apply(new CollectionDrop(SyncEntry.BlobCollection)));
        Assert.Equal(new DocumentResult.CollectionNotFound(), _eu.Create(SyncEntry.BlobCollection, ConflictStrategy.Fork));
    }

    [Fact]
    public void Manifest_ThatSaysNothing_ShowsNothing()
    {
        Put(_eu, "a", 1, 1);
        var change = _eu.News().Single(item => item.Key == "a");

        _us.Take(change with { Version = change.Version! with { Value = Region.Json("no manifest") } });

        Assert.Equal((0, 0), (_us.State.Blobs.Count, _us.State.Blobs.Arriving));
    }

    [Fact]
    public void Regions_AnyOrderAndAnyDuplicates_HoldTheSameBlobs() => Properties.Hold(
        (from region in Gen.Choose(0, 2) from act in Gen.Choose(0, 11) from a in Gen.Choose(0, 1000) select (region, act, a)).ListOf(),
        script =>
        {
            var regions = Ids.Select(Exchanging).ToArray();
            var changes = new List<ChangeEvent>();
            foreach (var (which, act, a) in script.Take(60))
            {
                var region = regions[which];
                region.Replica.Advance(a % 5);
                Step(region, act, a, changes);
                changes.AddRange(regions.SelectMany(one => one.News()));
                Assert.Equal(region.State.Freeze().Hash(), region.Replica.FromSnapshot().State.Freeze().Hash());
                Assert.Equal(References(region.State), References(region.Replica.FromSnapshot().State));
            }

            for (var i = 0; i < regions.Length; i++)
            {
                var order = new Random(i + changes.Count);
                regions[i].Take(changes.OrderBy(_ => order.Next()).ToList());
                regions[i].Take(changes.Where(_ => order.Next(3) == 0));
                ArriveAll(regions[i]);
            }

            Assert.All(regions, region => Assert.Equal(Shown(regions[0]), Shown(region)));
            Assert.All(regions, region => Assert.Equal(regions[0].Contents(), region.Contents()));
        },
        times: 500);

    private static void Step(Region region, int act, int a, List<ChangeEvent> changes)
    {
        var id = $"blob{a % 3}";
        switch (act)
        {
            case < 4:
                Put(region, id, a % 5, 1 + (a % 3));
                break;
            case < 6:
                region.Replica.Apply(new BlobDelete(id));
                break;
            case < 9 when region.State.Blobs.GetArrival(id) is { } arrival:
                region.Replica.Apply(new BlobArrive(id, arrival.Number, arrival.Held, 1));
                break;
            case 9 when region.State.Regions.Conflicts.All().FirstOrDefault() is { } conflict:
                region.Replica.Apply(new ConflictResolve(conflict.Id, (ConflictChoice)(1 + (a % 3)), Ids[a % 3]), reason: "because");
                break;
            default:
                region.Take(changes.Where((_, position) => (position * 31 + a) % 5 < 2));
                break;
        }
    }

    private static Region Exchanging(string id)
    {
        var region = new Region(id, Ids);
        Assert.IsType<BlobResult.Adopted>(region.Replica.Apply(new BlobsAdopt(10)));
        return region;
    }

    private static void Put(Region region, string id, int seed, int chunks) => Assert.IsType<BlobResult.Written>(region.Replica.Apply(
        new BlobPut(id, ((chunks - 1) * (long)BlobLimits.ChunkBytes) + 5, BlobSteps.Digest(seed), BlobSteps.Chunks(seed, chunks), "text/plain")));

    private static void Exchange(Region left, Region right)
    {
        right.Take(left.News());
        left.Take(right.News());
    }

    private static void ArriveAll(Region region)
    {
        while (region.State.Blobs.Arrivals.FirstOrDefault() is { } arrival)
        {
            region.Replica.Apply(new BlobArrive(arrival.Id, arrival.Number, arrival.Held, arrival.Content.Chunks.Count - arrival.Held));
        }
    }

    private static string Shown(Region region) => string.Join(
        '\n', region.State.Blobs.Range("").Select(blob => $"{blob.Id} {blob.Size} {blob.Sha256} {blob.Chunks.Count} {blob.ContentType} {blob.CreatedAt} {blob.ModifiedAt}"));

    private static string References(ClusterState state) => string.Join(
        ' ', Enumerable.Range(0, 6).Select(number => state.Blobs.References(BlobSteps.Digest(number))));
}
