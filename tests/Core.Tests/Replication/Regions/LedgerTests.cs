using Quorate.Core.Replication.Regions;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Documents;

namespace Quorate.Core.Tests.Replication.Regions;

/// <summary>What the ledger says after decisions that others had not seen, and after decisions were taken back.</summary>
public sealed class LedgerTests
{
    private readonly Region _ap = new("ap", "ap", "eu", "us");
    private readonly Region _eu = new("eu", "ap", "eu", "us");
    private readonly Region _us = new("us", "ap", "eu", "us");

    [Theory]
    [InlineData(ConflictStrategy.LastWriterWins)]
    [InlineData(ConflictStrategy.Fork)]
    [InlineData(ConflictStrategy.Manual)]
    public void ThirdRegionHadNotSeenTheDecision_IsAnotherConflict_AndEveryLoserStays(ConflictStrategy strategy)
    {
        Begin(strategy);
        foreach (var region in (Region[])[_eu, _us, _ap])
        {
            region.Put("c", "k", $"from {region.Id}");
        }

        Exchange(_eu, _us);
        var first = _eu.OnlyConflict().Id;
        Assert.IsType<RegionResult.ConflictSettled>(_eu.Replica.Apply(new ConflictResolve(first, ConflictChoice.Value, Value: Region.Json("decided"))));
        Exchange(_eu, _us);
        Exchange(_eu, _us, _ap);

        foreach (var region in (Region[])[_eu, _us, _ap])
        {
            Assert.Equal(_eu.Contents(), region.Contents());
            Assert.Equal(ConflictStatus.Resolved, region.State.Regions.Conflicts.Get(first)!.Status);
            Assert.Equal(["eu \"from eu\"", "us \"from us\""], Values(region.State.Regions.Conflicts.Get(first)!));
            var second = Assert.Single(region.State.Regions.Conflicts.All(), conflict => conflict.Id != first);
            Assert.Equal(["ap \"from ap\"", "eu \"decided\""], Values(second));
        }
    }

    [Fact]
    public void ThirdRegionHadSeenNothing_JoinsTheSameConflict()
    {
        Begin(ConflictStrategy.Manual);
        foreach (var region in (Region[])[_eu, _us, _ap])
        {
            region.Put("c", "k", $"from {region.Id}");
        }

        Exchange(_eu, _us);
        var id = _eu.OnlyConflict().Id;
        Exchange(_eu, _us, _ap);

        Assert.Equal(id, _us.OnlyConflict().Id);
        Assert.Equal(3, _us.OnlyConflict().Versions.Versions.Count);
    }

    [Fact]
    public void Manual_DecisionTakenBack_WritesAreRefusedAgain()
    {
        var id = Collide(ConflictStrategy.Manual);
        _eu.Replica.Apply(new ConflictResolve(id, ConflictChoice.Region, "eu"));
        _eu.Replica.Apply(new ConflictUndo(id));
        Exchange(_eu, _us);

        foreach (var region in (Region[])[_eu, _us])
        {
            Assert.Equal(new RegionResult.ConflictOpen(id), region.Put("c", "k", "again"));
            Assert.Equal(id, region.State.Documents.ConflictOf(region.State.Documents.Get("c")!, "k"));
        }

        _us.Replica.Apply(new ConflictResolve(id, ConflictChoice.Region, "us"));
        Assert.IsType<DocumentResult.Written>(_us.Put("c", "k", "goes on"));
    }

    [Fact]
    public void Manual_DecisionTakenBackAndCollectionMadeAnew_DocumentOfThatNameIsFree()
    {
        var id = Collide(ConflictStrategy.Manual);
        _eu.Replica.Apply(new ConflictResolve(id, ConflictChoice.Region, "eu"));
        _eu.Replica.Apply(new ConflictUndo(id));
        _eu.Replica.Apply(new CollectionDrop("c"));
        _eu.Create("c", ConflictStrategy.Manual);

        Assert.IsType<DocumentResult.Written>(_eu.Put("c", "k", "new"));
        Assert.IsType<DocumentResult.Written>(_eu.Put("c", "k", "newer"));
    }

    [Fact]
    public void Undo_SecondDecision_TheFirstStandsAgain()
    {
        var id = Collide(ConflictStrategy.LastWriterWins);
        _eu.Replica.Apply(new ConflictResolve(id, ConflictChoice.Value, Value: Region.Json("first")));
        _eu.Replica.Apply(new ConflictResolve(id, ConflictChoice.Value, Value: Region.Json("second")));

        _eu.Replica.Apply(new ConflictUndo(id));

        Assert.Equal("\"first\"", _eu.Value("c", "k"));
    }

    [Fact]
    public void Undo_OfADecisionAboutForks_BothLiveAgainUnderTheirNames()
    {
        var id = Collide(ConflictStrategy.Fork);
        _eu.Replica.Apply(new ConflictResolve(id, ConflictChoice.Value, Value: Region.Json("merged")));
        Assert.Equal("\"merged\"", _eu.Value("c", "k"));

        _eu.Replica.Apply(new ConflictUndo(id));
        Exchange(_eu, _us);

        foreach (var region in (Region[])[_eu, _us])
        {
            Assert.Null(region.Value("c", "k"));
            Assert.Equal("\"from eu\"", region.Value("c", "k.conflict-a"));
            Assert.Equal("\"from us\"", region.Value("c", "k.conflict-b"));
            Assert.Equal(ConflictStatus.Undone, region.OnlyConflict().Status);
        }
    }

    [Fact]
    public void Undo_OfForking_TheForksAreGone_ButNotOneThatWasWrittenSince()
    {
        var id = Collide(ConflictStrategy.LastWriterWins);
        _eu.Replica.Apply(new ConflictResolve(id, ConflictChoice.Fork));
        _eu.Put("c", "k.conflict-a", "changed");

        _eu.Replica.Apply(new ConflictUndo(id));
        Exchange(_eu, _us);

        foreach (var region in (Region[])[_eu, _us])
        {
            Assert.Equal("\"from us\"", region.Value("c", "k"));
            Assert.Equal("\"changed\"", region.Value("c", "k.conflict-a"));
            Assert.Null(region.Value("c", "k.conflict-b"));
        }
    }

    [Fact]
    public void Undo_OfAForkThatKeptTheValue_DeletesIt()
    {
        Begin(ConflictStrategy.Fork);
        _us.Delete("c", "k");
        _eu.Replica.Advance(5);
        _eu.Put("c", "k", "from eu");
        Exchange(_eu, _us);
        Assert.Equal("\"from eu\"", _us.Value("c", "k"));

        _us.Replica.Apply(new ConflictUndo(_us.OnlyConflict().Id));

        Assert.Null(_us.Value("c", "k"));
    }

    private static IEnumerable<string> Values(Conflict conflict) =>
        conflict.Versions.Versions.Select(version => $"{version.Region} {System.Text.Encoding.UTF8.GetString(version.Value!.Value.Span)}");

    private string Collide(ConflictStrategy strategy)
    {
        Begin(strategy);
        _eu.Put("c", "k", "from eu");
        _us.Replica.Advance(5);
        _us.Put("c", "k", "from us");
        Exchange(_eu, _us);
        return _eu.OnlyConflict().Id;
    }

    private void Begin(ConflictStrategy strategy)
    {
        _eu.Create("c", strategy);
        _eu.Put("c", "k", "first");
        Exchange(_eu, _us, _ap);
    }

    /// <summary>Everybody takes in all that the others have.</summary>
    private static void Exchange(params Region[] regions)
    {
        var all = regions.SelectMany(region => region.State.Documents.ExportChanges().ToList()).ToList();
        foreach (var region in regions)
        {
            region.Take(all);
        }
    }
}
