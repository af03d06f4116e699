using Quorate.Core.Replication.Regions;
using Quorate.Core.StateMachine.Documents;

namespace Quorate.Core.Tests.Replication.Regions;

/// <summary>Two regions write the same document while neither sees the other.</summary>
public sealed class ConflictTests
{
    private readonly Region _eu = new("eu", "eu", "us");
    private readonly Region _us = new("us", "eu", "us");

    [Fact]
    public void LastWriterWins_LaterIsShown_LoserIsKeptAndCanBeTaken()
    {
        Begin(ConflictStrategy.LastWriterWins);
        Collide();

        Assert.All([_eu, _us], region => Assert.Equal("\"from us\"", region.Value("c", "k")));
        var conflict = _eu.OnlyConflict();
        Assert.Equal(ConflictStatus.Automatic, conflict.Status);
        Assert.Equal(_us.OnlyConflict().Id, conflict.Id);

        var settled = Assert.IsType<RegionResult.ConflictSettled>(_eu.Replica.Apply(new ConflictUndo(conflict.Id), reason: "eu was right"));
        Exchange();

        Assert.Equal(ConflictStatus.Undone, settled.Status);
        Assert.All([_eu, _us], region => Assert.Equal("\"from eu\"", region.Value("c", "k")));
        Assert.Equal("eu was right", _us.OnlyConflict().Last!.Settlement.Reason);
        Assert.Contains(_us.OnlyConflict().Versions.Versions, version => version.Region == "us");
    }

    [Fact]
    public void Fork_BothLiveOnUnderNamesByRegion()
    {
        Begin(ConflictStrategy.Fork);
        Collide();

        foreach (var region in (Region[])[_eu, _us])
        {
            Assert.Null(region.Value("c", "k"));
            Assert.Equal("\"from eu\"", region.Value("c", "k.conflict-a"));
            Assert.Equal("\"from us\"", region.Value("c", "k.conflict-b"));
        }
    }

    [Fact]
    public void Fork_WriteToOne_MakesBothDocumentsOfTheirOwn()
    {
        Begin(ConflictStrategy.Fork);
        Collide();

        _us.Put("c", "k.conflict-a", "changed", _us.State.Documents.Get("c")!.Get("k.conflict-a")!.Rev);
        Exchange();

        foreach (var region in (Region[])[_eu, _us])
        {
            Assert.Null(region.Value("c", "k"));
            Assert.Equal("\"changed\"", region.Value("c", "k.conflict-a"));
            Assert.Equal("\"from us\"", region.Value("c", "k.conflict-b"));
            Assert.Equal(ConflictStatus.Overwritten, region.OnlyConflict().Status);
        }
    }

    [Fact]
    public void Fork_DeletedThereAndWrittenHere_ValueStays()
    {
        Begin(ConflictStrategy.Fork);
        _eu.Put("c", "k", "from eu");
        _us.Delete("c", "k");
        Exchange();

        Assert.All([_eu, _us], region => Assert.Equal("\"from eu\"", region.Value("c", "k")));
        Assert.Single(_us.State.Regions.Conflicts.All());
    }

    [Fact]
    public void Manual_WritesAreRefusedUntilSomebodyDecides()
    {
        Begin(ConflictStrategy.Manual);
        Collide();
        var id = _eu.OnlyConflict().Id;

        Assert.Equal(new RegionResult.ConflictOpen(id), _eu.Put("c", "k", "again"));
        Assert.Equal(1, _eu.State.Regions.Conflicts.Open);

        Assert.IsType<RegionResult.ConflictSettled>(_eu.Replica.Apply(new ConflictResolve(id, ConflictChoice.Value, Value: Region.Json("both"))));
        Exchange();

        Assert.All([_eu, _us], region => Assert.Equal("\"both\"", region.Value("c", "k")));
        Assert.All([_eu, _us], region => Assert.Equal(ConflictStatus.Resolved, region.OnlyConflict().Status));
        Assert.IsType<DocumentResult.Written>(_us.Put("c", "k", "goes on"));
    }

    [Fact]
    public void Resolve_SameConflictInBothRegions_IsAConflictOfItsOwn()
    {
        Begin(ConflictStrategy.Manual);
        Collide();
        var id = _eu.OnlyConflict().Id;
        _eu.Replica.Apply(new ConflictResolve(id, ConflictChoice.Region, "eu"));
        _us.Replica.Apply(new ConflictResolve(id, ConflictChoice.Region, "us"));
        Exchange();

        Assert.Equal(_eu.Contents(), _us.Contents());
        Assert.Equal(2, _eu.State.Regions.Conflicts.Count);
        Assert.Equal(2, _eu.State.Regions.Conflicts.Get(id)!.Settlements.Count);
    }

    [Fact]
    public void Resolve_NamesAVersionThatIsNotThere_IsRefused()
    {
        Begin(ConflictStrategy.Manual);
        Collide();

        var missing = Assert.IsType<RegionResult.NoSuchVersion>(_eu.Replica.Apply(new ConflictResolve(_eu.OnlyConflict().Id, ConflictChoice.Region, "ap")));

        Assert.Equal(["eu", "us"], missing.Regions);
        Assert.IsType<RegionResult.ConflictNotFound>(_eu.Replica.Apply(new ConflictResolve("none", ConflictChoice.Latest)));
        Assert.IsType<RegionResult.DocumentMoved>(_eu.Replica.Apply(new ConflictResolve(_eu.OnlyConflict().Id, ConflictChoice.Latest, Expected: "1-other")));
    }

    [Fact]
    public void Undo_DocumentWasWrittenSince_IsRefusedUnlessForced()
    {
        Begin(ConflictStrategy.LastWriterWins);
        Collide();
        var id = _eu.OnlyConflict().Id;
        _eu.Replica.Apply(new ConflictResolve(id, ConflictChoice.Region, "eu"));
        _eu.Put("c", "k", "newer");

        Assert.IsType<RegionResult.DocumentMoved>(_eu.Replica.Apply(new ConflictUndo(id)));
        Assert.Equal("\"newer\"", _eu.Value("c", "k"));

        Assert.IsType<RegionResult.ConflictSettled>(_eu.Replica.Apply(new ConflictUndo(id, Force: true)));
        Assert.Equal("\"from us\"", _eu.Value("c", "k"));
        Assert.IsType<RegionResult.NothingToUndo>(_eu.Replica.Apply(new ConflictUndo(id)));
    }

    [Fact]
    public void SameValueInBoth_IsNoConflict()
    {
        Begin(ConflictStrategy.Manual);
        _eu.Put("c", "k", "same");
        _us.Put("c", "k", "same");
        Exchange();

        Assert.Empty(_eu.State.Regions.Conflicts.All());
        Assert.Equal(_eu.Contents(), _us.Contents());
    }

    [Fact]
    public void Configure_DocumentsThatWereThere_BecomeTheRegionsOwn()
    {
        var region = new StateMachine.Replica();
        region.Apply(new CollectionCreate("c", ConflictStrategy.LastWriterWins));
        region.Apply(new DocumentPut("c", "k", null, "local", Region.Json("old")));

        region.Apply(new RegionConfigure(new RegionSettings("eu", ["eu", "us"], "eu")));

        var document = region.State.Documents.Get("c")!.Get("k")!;
        Assert.Equal(("eu", "eu:1"), (document.Region, document.Clock.ToString()));
        Assert.IsType<RegionResult.OtherRegion>(region.Apply(new RegionConfigure(new RegionSettings("us", ["eu", "us"], "eu"))));
    }

    private void Begin(ConflictStrategy strategy)
    {
        _eu.Create("c", strategy);
        _eu.Put("c", "k", "first");
        Exchange();
    }

    private void Collide()
    {
        _eu.Put("c", "k", "from eu");
        _us.Replica.Advance(5);
        _us.Put("c", "k", "from us");
        Exchange();
    }

    private void Exchange()
    {
        var (fromEu, fromUs) = (_eu.News(), _us.News());
        _us.Take(fromEu);
        _eu.Take(fromUs);
    }
}
