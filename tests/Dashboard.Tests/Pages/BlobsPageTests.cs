using Quorate.Contracts;
using Quorate.Contracts.Blobs;
using Quorate.Contracts.Live;
using Quorate.Dashboard.Components.Layout;
using Quorate.Dashboard.Components.Pages;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Pages;

public class BlobsPageTests : ConsoleContext
{
    private const string List = "/api/v1/blobs?limit=100";
    private const long MiB = 1 << 20;

    private static readonly DateTimeOffset At = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Transfers_AsTheyMove_HaveBarsThatMove()
    {
        var page = Show(Status(Upload(2 * MiB, 1.5 * MiB)));

        var bar = Find(page, "blob-transfer").QuerySelector("progress")!;
        Assert.Equal((("4194304", "2097152"), "false"), ((bar.GetAttribute("max"), bar.GetAttribute("value")), Find(page, "blob-transfer").GetAttribute("data-paused")));
        Assert.Contains("/s", Find(page, "blob-transfer").TextContent);
        Assert.Empty(All(page, "blob-abort"));

        Feed.Delta(Topics.Blobs, Status(Upload(3 * MiB, null)));

        Eventually(page, () =>
        {
            Assert.Equal("3145728", Find(page, "blob-transfer").QuerySelector("progress")!.GetAttribute("value"));
            Assert.Equal("true", Find(page, "blob-transfer").GetAttribute("data-paused"));
            Assert.Single(All(page, "blob-abort"));
        });
    }

    [Fact]
    public void Transfer_OfUnknownSize_HasABarWithoutAnEnd()
    {
        var page = Show(Status(Upload(2 * MiB, 5) with { Size = null }));

        Assert.False(Find(page, "blob-transfer").QuerySelector("progress")!.HasAttribute("value"));
    }

    [Fact]
    public void Nodes_ThatLackOrFoundDamagedChunks_AreCounted()
    {
        var page = Show(Status() with { Nodes = [Node("n1"), Node("n2") with { Missing = 7 }, Node("n3") with { Corrupt = 3, Repaired = 2, Reachable = false }] });

        Eventually(page, () => Assert.Contains("3", Find(page, "blobs-corrupt").TextContent));
        Assert.Contains("7", Find(page, "blobs-missing").TextContent);
        Assert.Equal(["complete", "catching up", "not reachable"], All(page, "blob-node").Select(row => row.QuerySelector(".chip")!.TextContent.Trim()));
        Assert.Equal("2", Find(Render<NavMenu>(), "nav-blobs-badge").TextContent.Trim());
    }

    [Fact]
    public void List_WhenTheClusterHasMore_IsReadAgain()
    {
        var page = Show(Status());
        Assert.Contains("curl -T", Find(page, "empty-state").TextContent);
        Gateway.Answer("GET", List, new Page<BlobView>([Blob("reports/a b.pdf")], null));

        Feed.Delta(Topics.Blobs, Status() with { Blobs = 1, Bytes = 5 * MiB });

        Eventually(page, () => Assert.Equal("reports/a b.pdf", Find(page, "blob-row").GetAttribute("data-key")));
        Assert.Equal("http://localhost/api/v1/blobs/reports%2Fa%20b.pdf", Find(page, "blob-download").GetAttribute("href"));
        Assert.Equal("a b.pdf", Find(page, "blob-download").GetAttribute("download"));
    }

    [Fact]
    public void Delete_Confirmed_AsksTheGateway()
    {
        Gateway.Answer("GET", List, new Page<BlobView>([Blob("a")], null));
        Gateway.Answer("DELETE", Routes.Blob("a"), new DeleteBlobResponse("a", 5 * MiB));
        var page = Show(Status());

        Press(page, "blob-delete");
        Type(page, "confirm-input", "a");
        Submit(page, "confirm-dialog");

        Eventually(page, () => Assert.Contains(Gateway.Requests, request => request.Asked == "DELETE /api/v1/blobs/a"));
    }

    [Fact]
    public void Arrival_FromAnotherRegion_SaysFromWhereAndThatItWaits()
    {
        var arrival = new BlobTransfer("film", BlobTransferKinds.Arrival, 4 * MiB, MiB, null, At, Paused: true, "us");

        var page = Show(Status(arrival) with { Arriving = 1, FetchedFromRegions = 17, CorruptFromRegions = 2 });

        Assert.Contains("from us", Find(page, "blob-transfer").TextContent);
        Assert.Contains("waiting for a region", Find(page, "blob-transfer").TextContent);
        Assert.Empty(All(page, "blob-abort"));
        Eventually(page, () => Assert.Contains("17", Find(page, "blobs-arriving").TextContent));
    }

    [Fact]
    public void Blobs_OfAnotherRegion_AreReadDeletedAndFollowedThere()
    {
        const string There = "/api/v1/blobs?limit=100&region=us";
        Gateway.Answer("GET", There, new Page<BlobView>([Blob("a")], null));
        Gateway.Answer("GET", Routes.BlobTransfers + "?region=us", Status(Upload(MiB, 5)) with { Blobs = 1, Bytes = 5 * MiB });
        Gateway.Answer("DELETE", Routes.Blob("a") + "?region=us", new DeleteBlobResponse("a", 5 * MiB));
        Feed.Snapshot(Topics.Lag, RegionExamples.Lag(RegionExamples.Three()));
        Feed.Snapshot(Topics.Blobs, Status());
        var page = Open<BlobsPage>("/blobs?region=us");

        Eventually(page, () => Assert.Equal("a", Find(page, "blob-row").GetAttribute("data-key")));
        Assert.Equal("http://localhost/api/v1/blobs/a?region=us", Find(page, "blob-download").GetAttribute("href"));
        Assert.Equal("page", Find(page, "region-us").GetAttribute("aria-current"));
        Eventually(page, () => Assert.Equal("1048576", Find(page, "blob-transfer").QuerySelector("progress")!.GetAttribute("value")));

        Gateway.Answer("GET", Routes.BlobTransfers + "?region=us", Status(Upload(3 * MiB, 5)) with { Blobs = 1, Bytes = 5 * MiB });
        Feed.Delta(Topics.Lag, RegionExamples.Lag(RegionExamples.Regions([RegionExamples.Region("eu"), RegionExamples.Region("us", queue: 1)])));
        Eventually(page, () => Assert.Equal("3145728", Find(page, "blob-transfer").QuerySelector("progress")!.GetAttribute("value")));

        Press(page, "blob-delete");
        Type(page, "confirm-input", "a");
        Submit(page, "confirm-dialog");
        Eventually(page, () => Assert.Contains(Gateway.Requests, request => request.Asked == "DELETE /api/v1/blobs/a?region=us"));
    }

    private static BlobView Blob(string id) => new(id, 5 * MiB, new string('a', 64), 5, "application/pdf", 9, At, At);

    private static BlobTransfer Upload(long done, double? speed) => new("big", BlobTransferKinds.Upload, 4 * MiB, done, speed, At, speed is null);

    private static NodeBlobsView Node(string id) => new(id, true, 5, 5 * MiB, 0, 0, 0, 0, 0);

    private static BlobStatus Status(params BlobTransfer[] items) => new(At, 0, 0, items, [Node("n1")]);

    private IRenderedComponent<BlobsPage> Show(BlobStatus status)
    {
        Gateway.AnswerUnlessAnswered("GET", List, new Page<BlobView>([], null));
        Feed.Snapshot(Topics.Blobs, status);
        return Open<BlobsPage>("/blobs");
    }
}
