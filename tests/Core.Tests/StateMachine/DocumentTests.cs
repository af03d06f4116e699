using Quorate.Core.Clocks;
using Quorate.Core.Replication;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Documents;

namespace Quorate.Core.Tests.StateMachine;

public sealed class DocumentTests
{
    private readonly Replica _replica = new();

    public DocumentTests() => _replica.Apply(new CollectionCreate("c", ConflictStrategy.Manual));

    [Fact]
    public void Put_WithTheRevisionThatWasRead_MakesTheNextGeneration()
    {
        var first = Put("a", null);
        var second = Put("a", first.Rev);

        Assert.Equal((true, false), (first.Created, second.Created));
        Assert.StartsWith("1-", first.Rev, StringComparison.Ordinal);
        Assert.StartsWith("2-", second.Rev, StringComparison.Ordinal);
        var document = _replica.State.Documents.Get("c")!.Get("a")!;
        Assert.Equal((second.Rev, 2, 2), (document.Rev, document.Generation, document.Clock["eu"]));
    }

    [Fact]
    public void Put_WithAnOlderRevision_AnswersWhatThereIs()
    {
        var first = Put("a", null);
        var second = Put("a", first.Rev);

        var conflict = Assert.IsType<DocumentResult.Conflict>(_replica.Apply(new DocumentPut("c", "a", first.Rev, "eu", default)));

        Assert.Equal(second.Rev, conflict.Current!.Rev);
        Assert.Equal(3, _replica.State.Sync.Last);
    }

    [Fact]
    public void Put_OnlyIfAbsent_IsRefusedWhenThereIsOne()
    {
        Put("a", DocumentTable.Absent);

        Assert.IsType<DocumentResult.Conflict>(_replica.Apply(new DocumentPut("c", "a", DocumentTable.Absent, "eu", default)));
    }

    [Fact]
    public void Put_SameContentAfterDeletion_HasAnotherRevision()
    {
        var first = Put("a", null);
        _replica.Advance(1);
        Assert.IsType<DocumentResult.Deleted>(_replica.Apply(new DocumentDelete("c", "a", first.Rev, "eu")));
        _replica.Advance(1);

        Assert.NotEqual(first.Rev, Put("a", null).Rev);
    }

    [Fact]
    public void Put_SameRevisionChangedInTwoRegions_MakesTwoRevisions()
    {
        var parent = Put("a", null);
        var twin = _replica.Twin();

        var here = Put("a", parent.Rev);
        var there = (DocumentResult.Written)twin.Apply(new DocumentPut("c", "a", parent.Rev, "us", new byte[] { 1 }));

        Assert.NotEqual(here.Rev, there.Rev);
        Assert.Equal(
            ClockOrder.Concurrent,
            _replica.State.Documents.Get("c")!.Get("a")!.Clock.CompareTo(twin.State.Documents.Get("c")!.Get("a")!.Clock));
    }

    [Fact]
    public void Changes_OfEveryKind_AreInTheLogInOrder()
    {
        var first = Put("a", null);
        var second = Put("a", first.Rev);
        _replica.Apply(new DocumentDelete("c", "a", second.Rev, "eu"));
        _replica.Apply(new CollectionDrop("c"));

        var log = _replica.State.Sync.After(0).ToList();
        Assert.Equal(
            [SyncOperation.CreateCollection, SyncOperation.Insert, SyncOperation.Update, SyncOperation.Delete, SyncOperation.DropCollection],
            log.Select(entry => entry.Operation));
        Assert.Equal([1, 2, 3, 4, 5], log.Select(entry => entry.Sequence));
        Assert.Equal(log.Select(entry => entry.At).Order(), log.Select(entry => entry.At));
        Assert.Equal([null, first.Rev, second.Rev], log.Take(3).Select(entry => entry.Rev));
    }

    [Fact]
    public void Create_WithAnotherStrategy_IsRefused()
    {
        Assert.Equal(new DocumentResult.CollectionReady(false), _replica.Apply(new CollectionCreate("c", ConflictStrategy.Manual)));
        Assert.Equal(new DocumentResult.CollectionDiffers(ConflictStrategy.Manual), _replica.Apply(new CollectionCreate("c", ConflictStrategy.Fork)));
    }

    [Fact]
    public void Put_IntoNoCollection_IsRefused() =>
        Assert.IsType<DocumentResult.CollectionNotFound>(_replica.Apply(new DocumentPut("other", "a", null, "eu", default)));

    private DocumentResult.Written Put(string key, string? rev) =>
        Assert.IsType<DocumentResult.Written>(_replica.Apply(new DocumentPut("c", key, rev, "eu", new byte[] { 1 })));
}
