using System.Text.Json;
using Quorate.Contracts.Live;
using Quorate.Contracts.Problems;
using Quorate.Contracts.Regions;
using Quorate.Dashboard.Components.Pages;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Pages;

public class ConflictPageTests : ConsoleContext
{
    [Fact]
    public void Versions_SideBySide_ShowWhatDiffersAndFoldWhatIsEqual()
    {
        var page = Show(RegionExamples.Conflict());

        Assert.Equal(["city:changed", "tags.a:changed", "tel:added"], All(page, "conflict-field").Select(row => $"{row.GetAttribute("data-key")}:{row.GetAttribute("data-change")}"));
        Assert.Equal("us", page.Find("[data-testid='conflict-version'][data-winner='true']").GetAttribute("data-key"));
        Assert.Contains("Oslo", All(page, "conflict-field")[0].TextContent);
        Assert.Contains("Boston", All(page, "conflict-field")[0].TextContent);

        Press(page, "conflict-equal");
        Assert.Contains("zip", All(page, "conflict-field").Select(row => row.GetAttribute("data-key")));
    }

    [Fact]
    public void Page_Conflict_TellsTheStoryAndLinksTheDocument()
    {
        var page = Show(RegionExamples.Conflict(settlements: RegionExamples.Settlement()));

        Assert.Contains("eu, us wrote alice without having seen each other", Find(page, "conflict-story").TextContent);
        Assert.Equal("/documents?collection=customers&key=alice", Find(page, "conflict-document").GetAttribute("href"));
        Assert.Contains("asked alice", Find(page, "conflict-settlement").TextContent);
        Assert.Equal(["ancestor", "version", "version", "resolved"], All(page, "causal-node").Select(node => node.GetAttribute("data-kind")));
    }

    [Fact]
    public void Take_Confirmed_ShowsTheResultFirstAndSendsTheRevisionThatWasSeen()
    {
        Gateway.Answer("POST", "/api/v1/conflicts/c1/resolve", new ResolveConflictResponse("c1", "resolved", "5-y"));
        var page = Show(RegionExamples.Conflict());

        Press(page, "conflict-take-eu");
        Assert.Contains("Oslo", Find(page, "resolve-preview").TextContent);
        Assert.Contains("""{"region":"eu","rev":"4-x"}""", Find(page, "confirm-dialog").QuerySelector("[data-testid='command']")!.TextContent);
        Gateway.Answer("GET", "/api/v1/conflicts/c1", RegionExamples.Conflict(status: ConflictStatuses.Resolved, settlements: RegionExamples.Settlement()));
        Confirm(page, "asked alice");

        Eventually(page, () => Assert.NotNull(Find(page, "conflict-done")));
        var body = Posted("/api/v1/conflicts/c1/resolve");
        Assert.Equal(("eu", "4-x"), (body.GetProperty("region").GetString(), body.GetProperty("rev").GetString()));
        Assert.Equal("asked alice", Gateway.Requests.Last(request => request.Asked.StartsWith("POST")).Headers["X-Reason"]);
        Eventually(page, () => Assert.Contains("resolved", All(page, "conflict-status")[0].TextContent));
    }

    [Fact]
    public void Take_RegionWithTwoVersions_IsOfferedOnceAndItsLatest()
    {
        var conflict = RegionExamples.Conflict();
        var page = Show(conflict with { Versions = [RegionExamples.Version("eu", """{"city":"Turku"}""", 1, 1, seconds: 90, false), .. conflict.Versions] });

        Assert.Single(All(page, "conflict-take-eu"));
        Press(page, "conflict-take-eu");

        Assert.Contains("Oslo", Find(page, "resolve-preview").TextContent);
    }

    [Fact]
    public void Merge_FieldByField_IsEditableAndSentAsValue()
    {
        Gateway.Answer("POST", "/api/v1/conflicts/c1/resolve", new ResolveConflictResponse("c1", "resolved", "5-y"));
        var page = Show(RegionExamples.Conflict());

        Press(page, "conflict-merge");
        Assert.True(JsonElement.DeepEquals(Examples.Json("""{"city":"Boston","zip":1,"tags":{"a":2},"tel":7}"""), Examples.Json(Editor(page))));
        PickEu(page, "city");
        PickEu(page, "tel");
        Assert.True(JsonElement.DeepEquals(Examples.Json("""{"city":"Oslo","zip":1,"tags":{"a":2}}"""), Examples.Json(Editor(page))));

        Type(page, "conflict-editor", "{");
        Assert.True(Find(page, "conflict-merge-save").HasAttribute("disabled"));
        Type(page, "conflict-editor", """{"city":"Bergen"}""");
        Press(page, "conflict-merge-save");
        Assert.Contains("Bergen", Find(page, "resolve-preview").TextContent);
        Confirm(page);

        Eventually(page, () => Assert.NotNull(Find(page, "conflict-done")));
        Assert.Equal("Bergen", Posted("/api/v1/conflicts/c1/resolve").GetProperty("value").GetProperty("city").GetString());
    }

    [Fact]
    public void Fork_Preview_NamesEachVersion()
    {
        var page = Show(RegionExamples.Conflict());

        Press(page, "conflict-fork");

        Assert.Equal(["alice is gone", "alice.conflict-a becomes", "alice.conflict-b becomes"], Find(page, "resolve-preview").QuerySelectorAll("h3").Select(head => head.TextContent.Trim()));
    }

    [Fact]
    public void Resolve_DocumentChangedMeanwhile_SaysSoAndStaysOpen()
    {
        Gateway.Refuse("POST", "/api/v1/conflicts/c1/resolve", FakeGateway.Problem(409, ErrorCodes.RevConflict));
        var page = Show(RegionExamples.Conflict());

        Press(page, "conflict-take-us");
        Confirm(page);

        Eventually(page, () => Assert.Contains("rev_conflict", Find(page, "confirm-error").TextContent));
    }

    [Fact]
    public void Undo_Confirmed_ShowsWhatStandsAgain()
    {
        Gateway.Answer("POST", "/api/v1/conflicts/c1/undo", new ResolveConflictResponse("c1", "undone", "6-z"));
        var page = Show(RegionExamples.Conflict(status: ConflictStatuses.Resolved, settlements: RegionExamples.Settlement()));

        Press(page, "conflict-undo");
        Assert.Contains("Boston", Find(page, "resolve-preview").TextContent);
        Confirm(page);

        Eventually(page, () => Assert.Contains("Taken back", Find(page, "conflict-done").TextContent));
    }

    [Fact]
    public void Undo_NothingToTakeBack_IsDisabled() => Assert.True(Find(Show(RegionExamples.Conflict()), "conflict-undo").HasAttribute("disabled"));

    [Fact]
    public void Versions_OneDeletes_ShowsTheWordAndCanStillBeTaken()
    {
        var conflict = RegionExamples.Conflict();
        var page = Show(conflict with { Versions = [conflict.Versions[0], RegionExamples.Version("us", null, 2, 3, 50, winner: true)] });

        Assert.NotNull(Find(page, "conflict-same"));
        Press(page, "conflict-take-us");
        Assert.Contains("alice is gone", Find(page, "resolve-preview").TextContent);
    }

    [Fact]
    public void Page_UnknownConflict_SaysSo()
    {
        Gateway.Refuse("GET", "/api/v1/conflicts/no", FakeGateway.Problem(404, "conflict_not_found"));
        var page = Open<ConflictPage>("/conflicts/detail?conflict=no");

        Eventually(page, () => Assert.Contains("no such conflict", Find(page, "empty-state").TextContent));
    }

    private IRenderedComponent<ConflictPage> Show(ConflictView conflict)
    {
        Gateway.Answer("GET", $"/api/v1/conflicts/{conflict.Id}", conflict);
        var page = Open<ConflictPage>($"/conflicts/detail?conflict={conflict.Id}");
        Feed.Snapshot(Topics.Lag, RegionExamples.Lag(RegionExamples.Three()));
        Find(page, "conflict-story");
        return page;
    }

    private static void Confirm(IRenderedComponent<ConflictPage> page, string? reason = null)
    {
        if (reason is not null)
        {
            Type(page, "confirm-reason", reason);
        }

        Submit(page, "confirm-dialog");
    }

    private static string Editor(IRenderedComponent<ConflictPage> page) => Find(page, "conflict-editor").GetAttribute("value")!;

    private static void PickEu(IRenderedComponent<ConflictPage> page, string field) =>
        Act(page, "pick-eu", choice => choice.Change(true), choice => choice.Closest("[data-testid='conflict-field']")!.GetAttribute("data-key") == field);

    private JsonElement Posted(string path) => Examples.Json(Gateway.Requests.Last(request => request.Asked == $"POST {path}").Body!);
}
