using System.Text;
using Quorate.Core.Clocks;
using Quorate.Core.Replication.Regions;
using Quorate.Core.Replication.Regions.Exchange;
using Quorate.Core.StateMachine.Documents;

namespace Quorate.Core.Tests.Replication.Regions;

/// <summary>One region deletes so much that the other asks first.</summary>
public sealed class BrakeTests
{
    private const int Documents = 40;

    private readonly Region _eu = new("eu", "eu", "us");
    private readonly Region _us = new("us", "eu", "us");

    public BrakeTests()
    {
        _us.Configure(new RegionSettings("us", ["eu", "us"], "eu", BrakeShare: 0.25, BrakeMinimum: 5));
        _eu.Create("c", ConflictStrategy.LastWriterWins);
        foreach (var i in Enumerable.Range(0, Documents))
        {
            _eu.Put("c", $"k{i:00}", $"v{i}");
        }

        _us.Take(_eu.News());
    }

    private int Left => _us.State.Documents.Get("c")!.Count;

    [Fact]
    public void Deletions_BeyondTheShare_WaitAndAreCountedOnce()
    {
        DeleteAll();

        Assert.Equal(30, Left);
        var brake = Assert.Single(_us.State.Regions.Brakes.Pulled);
        Assert.Equal((30L, "c"), (brake.Held, brake.Collection));
        _us.Take(_eu.State.Documents.ExportChanges());
        Assert.Equal(30, _us.State.Regions.Brakes.Held);
    }

    [Fact]
    public void Deletions_SpreadOverMinutes_AreLetThrough()
    {
        foreach (var i in Enumerable.Range(0, Documents / 2))
        {
            _eu.Delete("c", $"k{i:00}");
            _us.Replica.Advance(13_000);
            _us.Take(_eu.News());
        }

        Assert.Equal(Documents / 2, Left);
        Assert.Empty(_us.State.Regions.Brakes.Pulled);
    }

    [Fact]
    public void Release_InSteps_CarriesThemOut()
    {
        DeleteAll();

        Assert.Equal(new RegionResult.BrakeMoved(20, 10), _us.Replica.Apply(new BrakeRelease("c", 20)));
        Assert.Equal(new RegionResult.BrakeMoved(10, 0), _us.Replica.Apply(new BrakeRelease("c", 20)));

        Assert.Equal(0, Left);
        Assert.Equal(new RegionResult.BrakeNotPulled(), _us.Replica.Apply(new BrakeRelease("c", 20)));
    }

    [Fact]
    public void Refuse_DocumentsComeBackWhereTheyWereDeleted()
    {
        DeleteAll();

        Assert.Equal(new RegionResult.BrakeMoved(30, 0), _us.Replica.Apply(new BrakeRefuse("c", 1000)));
        _eu.Take(_us.News());
        _us.Take(_eu.News());

        Assert.Equal(30, Left);
        Assert.Equal(_eu.Contents(), _us.Contents());
    }

    [Fact]
    public void Drop_OfALargeCollection_WaitsAndCanBeRefused()
    {
        _eu.Replica.Apply(new CollectionDrop("c"));
        _us.Take(_eu.News());
        Assert.Equal(Documents, Left);

        _us.Replica.Apply(new BrakeRefuse("c", 1000));
        _eu.Take(_us.News());

        Assert.Equal(Documents, _eu.State.Documents.Get("c")!.Count);
        Assert.Equal(_eu.Contents(), _us.Contents());
    }

    [Fact]
    public void Refuse_OfADropAfterALaterOne_KeepsTheLater()
    {
        _eu.Replica.Apply(new CollectionDrop("c"));
        _us.Take(_eu.News());
        _eu.Create("c", ConflictStrategy.LastWriterWins);
        _eu.Put("c", "between", "old");
        _us.Replica.Advance(1000);
        _us.Replica.Apply(new CollectionDrop("c"));
        _us.Create("c", ConflictStrategy.LastWriterWins);
        _us.Put("c", "after", "new");

        Assert.IsType<RegionResult.BrakeMoved>(_us.Replica.Apply(new BrakeRefuse("c", 1000)));
        _us.Take(_eu.News());
        _eu.Take(_us.News());

        Assert.Null(_us.Value("c", "between"));
        Assert.Equal(_eu.Contents(), _us.Contents());
    }

    [Fact]
    public void Refuse_OfADeletionThatLeftNothingToKeep_IsTakenIn()
    {
        DeleteAll();
        _us.Delete("c", "k39");

        _us.Replica.Apply(new BrakeRefuse("c", 1000));
        _eu.Take(_us.News());

        Assert.Null(_us.Value("c", "k39"));
        Assert.Equal(29, Left);
        Assert.Equal(_eu.Contents(), _us.Contents());
    }

    [Fact]
    public void Refuse_InACollectionDroppedMeanwhile_LeavesTheRegionsAlike()
    {
        _us.Configure(new RegionSettings("us", ["eu", "us"], "eu", BrakeShare: 0.01, BrakeMinimum: 1));
        _eu.Delete("c", "k00");
        var drop = new ChangeEvent("eu", 0, ChangeKind.DropCollection, _eu.State.Regions.Seen, "c", ConflictStrategy.LastWriterWins, HlcTimestamp.Zero);
        DeleteAll();
        _us.Take(drop);

        _us.Replica.Apply(new BrakeRelease("c", 1));
        Assert.Null(_us.State.Documents.Get("c"));
        Assert.Equal(new RegionResult.BrakeMoved(39, 0), _us.Replica.Apply(new BrakeRefuse("c", 1000)));
        _eu.Take(drop);

        Assert.Equal(_eu.Contents(), _us.Contents());
    }

    [Fact]
    public void Refuse_OfADeletionOfWhatIsShownAsForks_KeepsEachOfThem()
    {
        string[] names = ["ap", "eu", "us"];
        var (ap, eu, us) = (new Region("ap", names), new Region("eu", names), new Region("us", names));
        us.Configure(new RegionSettings("us", names, "ap", BrakeShare: 0.01, BrakeMinimum: 1));
        eu.Create("f", ConflictStrategy.Fork);
        ap.Take(eu.State.Documents.ExportChanges());
        eu.Put("f", "a", "0");
        eu.Put("f", "k", "one");
        us.Take(eu.News());
        ap.Put("f", "k", "three");
        eu.Delete("f", "a");
        eu.Delete("f", "k");
        us.Take(eu.News());
        us.Take(ap.News());
        Assert.Null(us.Value("f", "k"));

        Assert.Equal(new RegionResult.BrakeMoved(1, 0), us.Replica.Apply(new BrakeRefuse("f", 1000)));
        ap.Take(us.State.Documents.ExportChanges());
        eu.Take(us.State.Documents.ExportChanges());

        Assert.Equal(["\"one\"", "\"three\""], us.State.Documents.Get("f")!.Range("").Select(document => Encoding.UTF8.GetString(document.Value.Span)).Order());
        Assert.Equal(us.Contents(), eu.Contents());
        Assert.Equal(us.Contents(), ap.Contents());
    }

    [Fact]
    public void Undo_OfWhatWasWrittenAfterADropThatWaits_TakesWhatTheDropDeletes()
    {
        _us.Put("c", "k00", "mine");
        _eu.Take(_us.News());
        _eu.Put("c", "k00", "theirs");
        _us.Take(_eu.News());
        _eu.Replica.Apply(new CollectionDrop("c"));
        _eu.Create("c", ConflictStrategy.LastWriterWins);
        _eu.Put("c", "k00", "anew");
        _us.Take(_eu.News());

        // The new one has not seen what was deleted with the collection, so both stand, of one region.
        var conflict = _us.OnlyConflict();
        Assert.Equal(["eu", "eu"], conflict.Versions.Versions.Select(version => version.Region));
        Assert.Equal("\"anew\""u8, conflict.Versions.From("eu")!.Value!.Value.Span);
        Assert.IsType<RegionResult.ConflictSettled>(_us.Replica.Apply(new ConflictUndo(conflict.Id)));
        Assert.Equal("\"theirs\"", _us.Value("c", "k00"));

        _us.Replica.Apply(new BrakeRelease("c", 1000));
        _eu.Take(_us.News());
        Assert.Equal(_eu.Contents(), _us.Contents());
    }

    [Fact]
    public void Versions_OfOneRegion_AreOrderedHoweverTheyCome()
    {
        var time = new HlcTimestamp(1);
        DocumentVersion[] versions =
        [
            new("eu", "1-a", 1, Region.Json("a"), time, time, VectorClock.Of([new("eu", 2), new("us", 1)])),
            new("eu", "1-b", 1, Region.Json("b"), time, time, VectorClock.Of([new("eu", 3)])),
        ];

        Assert.Equal(VersionSet.Of(versions).Versions, VersionSet.Of(versions.Reverse()).Versions);
        Assert.Equal("1-b", VersionSet.Of(versions.Reverse()).From("eu")!.Rev);
        Assert.Null(VersionSet.Of(versions).From("us"));
    }

    [Fact]
    public void Snapshot_KeepsWhatWaits()
    {
        DeleteAll();

        var restored = _us.Replica.FromSnapshot();

        Assert.Equal(30, restored.State.Regions.Brakes.HeldOf("c").Count());
        Assert.Equal(_us.State.Freeze().Hash(), restored.State.Freeze().Hash());
    }

    private void DeleteAll()
    {
        foreach (var i in Enumerable.Range(0, Documents))
        {
            _eu.Delete("c", $"k{i:00}");
        }

        _us.Take(_eu.News());
    }
}
