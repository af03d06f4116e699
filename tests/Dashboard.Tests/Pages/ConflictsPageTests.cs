using Quorate.Contracts;
using Quorate.Contracts.Documents;
using Quorate.Contracts.Live;
using Quorate.Contracts.Regions;
using Quorate.Dashboard.Components.Pages;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Pages;

public class ConflictsPageTests : ConsoleContext
{
    [Fact]
    public void Page_OneRegion_TeachesHowToRunSeveral()
    {
        var page = Open<ConflictsPage>("/conflicts");
        Feed.Snapshot(Topics.Lag, RegionExamples.Lag(null));

        Eventually(page, () => Assert.Contains("--regions eu,us,ap", Find(page, "empty-state").TextContent));
    }

    [Fact]
    public void List_ConflictAppears_IsShownWithoutReload()
    {
        Gateway.Answer("GET", "/api/v1/conflicts?limit=100", new Page<ConflictView>([], null));
        var page = Show("/conflicts");
        Eventually(page, () => Assert.Contains("Every version", Find(page, "empty-state").TextContent, StringComparison.OrdinalIgnoreCase));

        Gateway.Answer("GET", "/api/v1/conflicts?limit=100", new Page<ConflictView>([RegionExamples.Conflict()], null));
        Feed.Snapshot(Topics.Conflicts, new ConflictsPayload([RegionExamples.Conflict()], 1));

        Eventually(page, () => Assert.Equal("c1", Assert.Single(All(page, "conflict-row")).GetAttribute("data-key")));
        Assert.Contains("open", Find(page, "conflict-status").TextContent);
    }

    [Fact]
    public void Filters_InTheAddress_AreAskedForAndKept()
    {
        Gateway.Answer("GET", "/api/v1/conflicts?status=automatic&writer=us&prefix=a&limit=100&region=us", new Page<ConflictView>([RegionExamples.Conflict("c2", ConflictStatuses.Automatic)], null));
        Gateway.Answer("GET", "/api/v1/conflicts?status=open&writer=us&prefix=a&limit=100&region=us", new Page<ConflictView>([], null));
        var page = Show("/conflicts?region=us&status=automatic&writer=us&prefix=a");
        Eventually(page, () => Assert.Equal("c2", Assert.Single(All(page, "conflict-row")).GetAttribute("data-key")));

        Choose(page, "conflicts-status", "open");

        Eventually(page, () => Assert.Empty(All(page, "conflict-row")));
        Assert.Equal("/conflicts?region=us&status=open&writer=us&prefix=a", Address);
        Assert.NotNull(Find(page, "clear-filter"));
    }

    [Fact]
    public void Row_Clicked_OpensTheConflictInTheSameRegion()
    {
        Gateway.Answer("GET", "/api/v1/conflicts?limit=100&region=us", new Page<ConflictView>([RegionExamples.Conflict()], null));
        var page = Show("/conflicts?region=us");

        Press(page, "conflict-row");

        Eventually(page, () => Assert.Equal("/conflicts/detail?region=us&conflict=c1", Address));
    }

    [Fact]
    public void Bulk_DryRunThenTypedCount_SettlesWhatWasShown()
    {
        Gateway.Answer("POST", "/api/v1/conflicts:resolve?dryRun=true", new ResolveConflictsResponse(true, 3, 0, true,
        [
            new("c1", "customers", "alice", Examples.Json("""{"city":"Oslo"}"""), "eu", null),
            new("c2", "customers", "bob", null, "eu", null),
            new("c3", "customers", "carol", null, null, "no version of eu"),
        ]));
        Gateway.Answer("POST", "/api/v1/conflicts:resolve", new ResolveConflictsResponse(false, 3, 2, true, []));
        Gateway.Answer("GET", "/api/v1/conflicts?collection=customers&limit=100", new Page<ConflictView>([], null));
        var page = Show("/conflicts?view=bulk&collection=customers");

        Choose(page, "bulk-how", "take:eu");
        Press(page, "bulk-try");
        Eventually(page, () => Assert.Equal(3, All(page, "bulk-row").Count));
        Assert.Contains("no version of eu", All(page, "bulk-row")[2].TextContent);
        Assert.Contains("deleted", All(page, "bulk-row")[1].TextContent);

        Press(page, "bulk-resolve");
        Assert.True(Find(page, "confirm-submit").HasAttribute("disabled"));
        Type(page, "confirm-input", "2");
        Submit(page, "confirm-dialog");

        Eventually(page, () => Assert.Contains("2 of 3 conflicts are settled. There are more", Find(page, "bulk-done").TextContent));
        var body = Examples.Json(Gateway.Requests.Last(request => request.Asked == "POST /api/v1/conflicts:resolve").Body!);
        Assert.Equal(("customers", "eu"), (body.GetProperty("collection").GetString(), body.GetProperty("region").GetString()));
        Assert.Empty(All(page, "bulk-row"));
    }

    [Fact]
    public void Bulk_OtherChoice_NeedsAnotherDryRun()
    {
        Gateway.Answer("POST", "/api/v1/conflicts:resolve?dryRun=true", new ResolveConflictsResponse(true, 1, 0, false, [new("c1", "customers", "alice", null, "eu", null)]));
        Gateway.Answer("GET", "/api/v1/conflicts?limit=100", new Page<ConflictView>([], null));
        var page = Show("/conflicts?view=bulk");
        Press(page, "bulk-try");
        Eventually(page, () => Assert.Single(All(page, "bulk-row")));

        Choose(page, "bulk-how", ConflictStrategies.Fork);

        Assert.Empty(All(page, "bulk-resolve"));
    }

    private IRenderedComponent<ConflictsPage> Show(string address)
    {
        var page = Open<ConflictsPage>(address);
        Feed.Snapshot(Topics.Lag, RegionExamples.Lag(RegionExamples.Three()));
        Find(page, "conflicts-status");
        return page;
    }
}
