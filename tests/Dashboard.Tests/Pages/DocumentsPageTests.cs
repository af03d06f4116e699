using System.Text.Json;
using Quorate.Contracts;
using Quorate.Contracts.Documents;
using Quorate.Contracts.Live;
using Quorate.Contracts.Problems;
using Quorate.Dashboard.Components.Pages;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Pages;

public class DocumentsPageTests : ConsoleContext
{
    private static readonly CollectionView Collection = new("c", ConflictStrategies.Fork, 2, 20, Examples.Now);

    public DocumentsPageTests()
    {
        Gateway.Answer("GET", "/api/v1/collections?limit=1000", new Page<CollectionView>([Collection], null));
        Gateway.Answer("GET", "/api/v1/collections?prefix=_", new Page<CollectionView>([Collection with { Name = SystemCollections.SyncLog, ReadOnly = true }], null));
        Gateway.Answer("GET", "/api/v1/collections/c", Collection);
        Documents(Examples.Document("a"), Examples.Document("b"));
        Gateway.Answer("GET", "/api/v1/collections/c/docs/a", Examples.Document("a", """{"n":1}"""));
    }

    [Fact]
    public void Collections_AreListedWithTheSystemsOwn()
    {
        var page = Open<DocumentsPage>("/documents");

        Eventually(page, () => Assert.Equal(["_system/_sync_log", "c"], All(page, "collection-row").Select(row => row.GetAttribute("data-key")!).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Create_Confirmed_GoesToTheNewCollection()
    {
        Gateway.Answer("POST", "/api/v1/collections", Collection with { Name = "d" });
        var page = Open<DocumentsPage>("/documents");

        Press(page, "collection-create");
        Type(page, "collection-name", "d");
        Choose(page, "collection-strategy", ConflictStrategies.Manual);
        Submit(page, "confirm-dialog");

        Eventually(page, () => Assert.Equal("/documents?collection=d", Address));
        var body = JsonDocument.Parse(Gateway.Requests.Last(request => request.Body is not null).Body!).RootElement;
        Assert.Equal(("d", "Manual"), (body.GetProperty("name").GetString(), body.GetProperty("conflictStrategy").GetString()));
    }

    [Fact]
    public void Documents_ChangeElsewhere_IsShownWithoutReload()
    {
        var page = Open<DocumentsPage>("/documents?collection=c");
        Eventually(page, () => Assert.Equal(2, All(page, "document-row").Count));

        Documents(Examples.Document("a"), Examples.Document("b"), Examples.Document("new"));
        Feed.Snapshot(Topics.Lag, Examples.Lag());

        Eventually(page, () => Assert.Equal(3, All(page, "document-row").Count));
    }

    [Fact]
    public void Save_RevisionIsOld_ShowsBothSidesAndKeepsWhatWasTyped()
    {
        Gateway.Refuse("PUT", "/api/v1/collections/c/docs/a", FakeGateway.Problem(409, ErrorCodes.RevConflict));
        var page = Open<DocumentsPage>("/documents?collection=c&key=a");
        Type(page, "document-editor", """{"n":2}""");
        Gateway.Answer("GET", "/api/v1/collections/c/docs/a", Examples.Document("a", """{"n":9}""", "2-b", 2));

        Press(page, "document-save");

        Eventually(page, () => Assert.Contains("9", Find(page, "document-theirs").TextContent));
        Assert.Equal("""{"n":2}""", Find(page, "document-mine").TextContent);
        Assert.Equal("1-a", JsonDocument.Parse(Gateway.Requests.Last(request => request.Body is not null).Body!).RootElement.GetProperty("rev").GetString());

        Gateway.Answer("PUT", "/api/v1/collections/c/docs/a", new PutDocumentResponse("c", "a", "3-c", 9, false));
        Press(page, "document-keep-mine");
        Press(page, "document-save");
        Eventually(page, () => Assert.Equal("2-b", JsonDocument.Parse(Gateway.Requests.Last(request => request.Body is not null).Body!).RootElement.GetProperty("rev").GetString()));
    }

    [Fact]
    public void SystemDocument_CanOnlyBeRead()
    {
        var name = Routes.Segment(SystemCollections.SyncLog);
        Gateway.Answer("GET", $"/api/v1/collections/{name}", Collection with { Name = SystemCollections.SyncLog, ReadOnly = true });
        Gateway.Answer("GET", $"/api/v1/collections/{name}/docs?limit=100", new Page<DocumentView>([Examples.Document("7")], null));
        Gateway.Answer("GET", $"/api/v1/collections/{name}/docs/7", Examples.Document("7"));

        var page = Open<DocumentsPage>($"/documents?collection={name}&key=7");

        Eventually(page, () => Assert.True(Find(page, "document-editor").HasAttribute("readonly")));
        Assert.Empty(All(page, "document-save"));
        Assert.Empty(All(page, "collection-drop"));
    }

    [Fact]
    public void Documents_OfAnotherRegion_AreReadThereAndMarkConflicts()
    {
        Gateway.Answer("GET", "/api/v1/collections/c?region=us", Collection);
        Gateway.Answer("GET", "/api/v1/collections/c/docs?limit=100&region=us", new Page<DocumentView>([Examples.Document("a") with { Conflict = "c1" }], null));
        var page = Open<DocumentsPage>("/documents?region=us&collection=c");
        Feed.Snapshot(Topics.Lag, RegionExamples.Lag(RegionExamples.Three()));

        Eventually(page, () => Assert.Equal("/conflicts/detail?region=us&conflict=c1", Find(page, "document-in-conflict").GetAttribute("href")));
        Assert.Equal("page", Find(page, "region-us").GetAttribute("aria-current"));
        Assert.Equal("/documents?region=ap&collection=c", Find(page, "region-ap").GetAttribute("href"));

        Gateway.Answer("GET", "/api/v1/collections/c/docs?limit=100&region=us", new Page<DocumentView>([Examples.Document("a"), Examples.Document("b")], null));
        Feed.Delta(Topics.Lag, RegionExamples.Lag(RegionExamples.Regions([RegionExamples.Region("eu"), RegionExamples.Region("us", queue: 1)])));
        Eventually(page, () => Assert.Equal(2, All(page, "document-row").Count));
    }

    private void Documents(params DocumentView[] documents) =>
        Gateway.Answer("GET", "/api/v1/collections/c/docs?limit=100", new Page<DocumentView>(documents, null));
}
