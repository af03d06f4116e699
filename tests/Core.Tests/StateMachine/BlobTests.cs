using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Blobs;

namespace Quorate.Core.Tests.StateMachine;

public sealed class BlobTests
{
    private const long TwoChunks = BlobLimits.ChunkBytes + 5;

    private readonly Replica _replica = new();

    private BlobTable Blobs => _replica.State.Blobs;

    [Fact]
    public void Commit_WithEveryChunk_MakesTheBlobVisibleAtOnce()
    {
        var number = Start(TwoChunks);
        Assert.Equal(new BlobResult.UploadAt(1), Advance(number, 0, 1));
        Assert.Null(Blobs.Get("a"));
        Assert.Equal(new BlobResult.UploadAt(2), Advance(number, 1, 1));
        Assert.Null(Blobs.Get("a"));

        Assert.True(Assert.IsType<BlobResult.Written>(Commit(number, TwoChunks)).Created);

        Assert.Equal((TwoChunks, 2, "text/plain"), (Blobs.Get("a")!.Size, Blobs.Get("a")!.Chunks.Count, Blobs.Get("a")!.ContentType));
        Assert.Null(Blobs.GetUpload("a"));
    }

    [Fact]
    public void Commit_WithAChunkMissing_IsRefusedAndTheFormerBlobStays()
    {
        var former = Assert.IsType<BlobResult.Written>(_replica.Apply(new BlobPut("a", 5, BlobSteps.Digest(9), BlobSteps.Chunks(4, 1), "image/png")));
        var number = Start(TwoChunks);
        Advance(number, 0, 1);

        Assert.Equal(new BlobResult.UploadMismatch(1), Commit(number, TwoChunks));

        Assert.Equal(former.Index, Blobs.Get("a")!.Index);
    }

    [Fact]
    public void Commit_OfAnotherSizeThanAnnounced_IsRefused()
    {
        var number = Start(TwoChunks);
        Advance(number, 0, 2);

        Assert.IsType<BlobResult.UploadMismatch>(Commit(number, TwoChunks + 1));
    }

    [Fact]
    public void Advance_ChunksThatAreKnownAlready_IsTheSameAnswerAgain()
    {
        var number = Start(3 * BlobLimits.ChunkBytes);
        Advance(number, 0, 2);

        Assert.Equal(new BlobResult.UploadAt(2), Advance(number, 0, 2));
        Assert.Equal(new BlobResult.UploadAt(3), Advance(number, 1, 2));
        Assert.Equal(3, Blobs.DistinctChunks);
    }

    [Fact]
    public void Advance_AfterAGapOrWithOtherContentOrBeyondTheEnd_IsRefused()
    {
        var number = Start(TwoChunks);
        Advance(number, 0, 1);

        Assert.Equal(new BlobResult.UploadMismatch(1), Advance(number, 2, 1));
        Assert.Equal(new BlobResult.UploadMismatch(1), _replica.Apply(new BlobUploadAdvance("a", number, 0, BlobSteps.Chunks(3, 1))));
        Assert.Equal(new BlobResult.UploadMismatch(1), Advance(number, 1, 2));
    }

    [Fact]
    public void Advance_OfAnUploadThatAnotherReplaced_IsUnknown()
    {
        var first = Start(TwoChunks);
        Start(TwoChunks);

        Assert.IsType<BlobResult.UploadUnknown>(Advance(first, 0, 1));
        Assert.IsType<BlobResult.UploadUnknown>(Commit(first, TwoChunks));
    }

    [Fact]
    public void Upload_ThatGoesOnNoMore_ExpiresAndItsChunksAreFree()
    {
        var number = Start(TwoChunks);
        Advance(number, 0, 1);
        _replica.Advance(BlobLimits.UploadPatienceMs - 1);
        _replica.Clock();
        Assert.Equal(1, Blobs.References(BlobSteps.Digest(0)));

        _replica.Advance(2);
        _replica.Clock();

        Assert.Null(Blobs.GetUpload("a"));
        Assert.Equal(0, Blobs.References(BlobSteps.Digest(0)));
        Assert.Contains(new StateEvent.BlobUploadMoved("a"), _replica.Events);
    }

    [Fact]
    public void CommittedAfter_SeveralBlobs_GivesThemInTheOrderOfTheirCommits()
    {
        var first = Put("b");
        Put("a");
        Put("b");

        Assert.Equal(["a", "b"], Blobs.CommittedAfter(first).Select(blob => blob.Id));
        Assert.Empty(Blobs.CommittedAfter(_replica.State.AppliedIndex.Value));
    }

    [Fact]
    public void Put_WithAnotherNumberOfChunksThanItsSizeAsksFor_IsMalformed() =>
        Assert.IsType<CommandResult.Malformed>(_replica.Apply(new BlobPut("a", TwoChunks, default, BlobSteps.Chunks(0, 1), "")));

    private long Put(string id) =>
        Assert.IsType<BlobResult.Written>(_replica.Apply(new BlobPut(id, 5, default, BlobSteps.Chunks(0, 1), ""))).Index;

    private long Start(long size) => Assert.IsType<BlobResult.UploadStarted>(_replica.Apply(new BlobUploadStart("a", size, "text/plain"))).Number;

    private CommandResult Advance(long number, int first, int count) =>
        _replica.Apply(new BlobUploadAdvance("a", number, first, BlobSteps.Chunks(first, count)));

    private CommandResult Commit(long number, long size) => _replica.Apply(new BlobUploadCommit("a", number, size, BlobSteps.Digest(1)));
}
