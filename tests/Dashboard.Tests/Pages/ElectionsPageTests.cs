using System.Text.Json;
using Quorate.Contracts;
using Quorate.Contracts.Elections;
using Quorate.Contracts.Live;
using Quorate.Dashboard.Components.Pages;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Pages;

public class ElectionsPageTests : ConsoleContext
{
    [Fact]
    public void Page_LeaderChanges_ShowsItWithoutReload()
    {
        var page = Show("/elections", Examples.Election("a"));
        Assert.Contains("worker-1", All(page, "election-row")[0].TextContent);

        var next = Examples.Election("a") with { Leader = new ElectionLeader("worker-2", null, 901, Examples.Now, null, "7") };
        Feed.Delta(Topics.Elections, new ElectionsPayload([next, Examples.Election("b")], [], 2));

        Eventually(page, () => Assert.Equal(["a", "b"], All(page, "election-row").Select(row => row.GetAttribute("data-key"))));
        Assert.Contains("worker-2", All(page, "election-row")[0].TextContent);
    }

    [Fact]
    public void Page_NoElections_TeachesTheFirstStep()
    {
        var page = Show("/elections");

        Assert.Contains("/api/v1/elections/reports%2Fnightly/campaign", Find(page, "empty-state").TextContent);
    }

    [Fact]
    public void More_ElectionsBeyondTheSnapshot_AreReadAndCanBeOpened()
    {
        Gateway.Answer("GET", "/api/v1/elections?limit=1000", new Page<ElectionView>([Examples.Election("a")], "after-a"));
        Gateway.Answer("GET", "/api/v1/elections?limit=1000&cursor=after-a", new Page<ElectionView>([Examples.Election("b", "worker-77")], null));
        var page = Show("/elections?election=b", Examples.Election("a"));
        Feed.Delta(Topics.Elections, new ElectionsPayload([], [], 2));
        Eventually(page, () => Assert.Contains("1 of 2", Find(page, "election-more-known").TextContent));

        Press(page, "election-more");

        Eventually(page, () => Assert.Equal(["a", "b"], All(page, "election-row").Select(row => row.GetAttribute("data-key"))));
        Eventually(page, () => Assert.Contains("worker-77", Find(page, "election-panel").TextContent));
        Assert.Empty(All(page, "election-more"));
    }

    [Fact]
    public void Filter_ByCandidate_StandsInTheUrl()
    {
        var page = Show("/elections", Examples.Election("a"), Examples.Election("b", "worker-77"));

        Type(page, "table-filter", "worker-77");

        Eventually(page, () => Assert.Equal("/elections?filter=worker-77", Address));
        Eventually(page, () => Assert.Equal("b", Assert.Single(All(page, "election-row")).GetAttribute("data-key")));
    }

    [Fact]
    public void Panel_ShowsLeaderQueueAndHistory()
    {
        var page = Show("/elections?election=a", Examples.Election("a", "worker-2", "worker-3"));

        Assert.Contains("worker-1", Find(page, "election-leader").TextContent);
        Assert.Equal("""{"host":"h1"}""", Find(page, "election-value").TextContent);
        Assert.Equal(["worker-2", "worker-3"], All(page, "election-candidate").Select(row => row.GetAttribute("data-key")));
        var term = Assert.Single(All(page, "election-term"));
        Assert.Equal(TermEnds.Expired, term.GetAttribute("data-cause"));
        Assert.Contains("worker-9", term.TextContent);
    }

    [Fact]
    public void Panel_MoreTermsThanTheFeedBrings_AreRead()
    {
        var election = Examples.Election("a");
        var terms = Enumerable.Range(0, 12).Select(i => election.Terms[0] with { FencingToken = 800 - i }).ToList();
        Gateway.Answer("GET", "/api/v1/elections/a", election with { Terms = terms, TermCount = 12 });

        var page = Show("/elections?election=a", election with { TermCount = 12 });

        Eventually(page, () => Assert.Equal(12, All(page, "election-term").Count));
    }

    [Fact]
    public void Resign_Confirmed_NamesTheTermThatWasShown()
    {
        Gateway.Answer("POST", "/api/v1/elections/a/resign", new ResignResponse("a", "worker-1", true, "worker-2"));
        var page = Show("/elections?election=a", Examples.Election("a", "worker-2"));
        Press(page, "election-resign");
        Assert.Contains("worker-2 leads next", Find(page, "confirm-consequences").TextContent);

        Type(page, "confirm-input", "a");
        Type(page, "confirm-reason", "it hangs");
        Submit(page, "confirm-dialog");

        Eventually(page, () => Assert.Empty(All(page, "confirm-dialog")));
        var request = Gateway.Requests[^1];
        Assert.Equal("it hangs", request.Headers["X-Reason"]);
        var body = JsonDocument.Parse(request.Body!).RootElement;
        Assert.Equal(("worker-1", 900), (body.GetProperty("candidate").GetString(), body.GetProperty("fencingToken").GetInt64()));
    }

    [Fact]
    public void Panel_ElectionThatIsNotKnown_SaysSo()
    {
        var page = Show("/elections?election=gone");

        Eventually(page, () => Assert.Contains("not known", Find(page, "election-panel").TextContent));
    }

    private IRenderedComponent<ElectionsPage> Show(string address, params ElectionView[] elections)
    {
        var page = Open<ElectionsPage>(address);
        Feed.Snapshot(Topics.Elections, new ElectionsPayload(elections, [], elections.Length));
        Eventually(page, () => Assert.True(elections.Length == 0 ? All(page, "empty-state").Count > 0 : All(page, "election-row").Count == elections.Length));
        return page;
    }
}
