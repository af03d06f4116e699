using Quorate.Contracts;
using Quorate.Contracts.Live;
using Quorate.Contracts.Regions;
using Quorate.Dashboard.Components.Pages;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Pages;

public class RegionsSectionTests : ConsoleContext
{
    private const string Path = "/replication?view=regions";

    public RegionsSectionTests()
    {
        foreach (var region in new[] { "eu", "us", "ap" })
        {
            Gateway.Answer("GET", $"/api/v1/regions/{region}/queue?limit=1", RegionExamples.Queue(region));
        }
    }

    [Fact]
    public void Page_OneRegion_TeachesHowToRunSeveral()
    {
        var page = Open<ReplicationPage>(Path);
        Feed.Snapshot(Topics.Lag, RegionExamples.Lag(null));

        Eventually(page, () => Assert.Contains("--regions eu,us,ap", Find(page, "empty-state").TextContent));
    }

    [Fact]
    public void Graph_LinkIsCut_SaysSoByShapeAndWordWithoutReload()
    {
        var page = Show(RegionExamples.Three());
        Assert.Equal("up", Find(page, "region-link-eu-us").GetAttribute("data-state"));

        Feed.Delta(Topics.Lag, RegionExamples.Lag(RegionExamples.Regions(
            RegionExamples.Three().Regions, RegionExamples.Link("eu", "us", RegionLinkStates.Cut, 9), RegionExamples.Link("us", "eu", RegionLinkStates.Behind, 2))));

        Eventually(page, () => Assert.Equal("cut", Find(page, "region-link-eu-us").GetAttribute("data-state")));
        Assert.NotNull(Find(page, "region-link-eu-us").QuerySelector(".cross"));
        Assert.Equal("behind", Find(page, "region-link-us-eu").GetAttribute("data-state"));
        Assert.Contains("From eu to us: cut, 9 changes", Find(page, "region-graph").GetAttribute("aria-label"));
        Assert.Contains("coordinator", Find(page, "region-card-eu").TextContent);
    }

    [Fact]
    public void Links_Table_ShowsWhereTheLagComesFrom()
    {
        var page = Show(RegionExamples.Three());

        Assert.Equal(6, All(page, "region-link-row").Count);
        Assert.Equal("12\u202fms in the queue, 30\u202fms on the network, 4\u202fms applying", All(page, "lag-parts")[0].GetAttribute("aria-label"));
    }

    [Fact]
    public void Cut_Confirmed_CutsBothDirections()
    {
        Gateway.Answer("POST", "/api/v1/lab/links/eu/us/cut", new LaboratoryLink("eu", "us", true));
        ShowCluster(Examples.Cluster());
        var page = Show(RegionExamples.Three());
        Eventually(page, () => Assert.False(Find(page, "link-cut-eu-us").HasAttribute("disabled")));

        Press(page, "link-cut-eu-us");
        Assert.Contains("stop in both directions", Find(page, "confirm-consequences").TextContent);
        Type(page, "confirm-reason", "drill");
        Assert.Contains("/api/v1/lab/links/eu/us/cut", Find(page, "command").TextContent);
        Submit(page, "confirm-dialog");

        Eventually(page, () => Assert.Empty(All(page, "confirm-dialog")));
        Assert.Equal("drill", Gateway.Requests.Last(request => request.Asked.StartsWith("POST")).Headers["X-Reason"]);
    }

    [Fact]
    public void Cut_LaboratoryIsOff_IsDisabledAndSaysWhy()
    {
        ShowCluster(Examples.Cluster(laboratory: false));
        var page = Show(RegionExamples.Three());

        Assert.True(Find(page, "link-cut-eu-us").HasAttribute("disabled"));
        Assert.Contains("laboratory", Find(page, "link-cut-eu-us").GetAttribute("title"));
    }

    [Fact]
    public void State_AgentIsComparing_ShowsTheStepsAndWhatIsLacking()
    {
        var away = RegionExamples.Region("us", RegionPhases.Comparing) with { CatchUp = new CatchUpView(1200, 4_000_000, 12), Error = "the coordinator is slow" };
        var page = Show(RegionExamples.Regions([RegionExamples.Region("eu"), away]));

        var state = page.Find("[data-testid='region-state'][data-key='us']");
        Assert.Equal(["done", "now", "now", "waiting", "waiting", "waiting"], state.QuerySelectorAll("li").Select(step => step.GetAttribute("data-state")));
        Assert.Equal("1\u202f200 changes, 4\u202fMB; has them in 12\u202fs", state.QuerySelector("[data-testid='region-catch-up']")!.TextContent.Trim());
        Assert.Contains("the coordinator is slow", state.TextContent);
    }

    [Fact]
    public void CatchUp_OverACutLink_PromisesNoTime()
    {
        var lacking = RegionExamples.Region("us") with { CatchUp = new CatchUpView(43, 17_300, 28) };

        var page = Show(RegionExamples.Regions([RegionExamples.Region("eu"), lacking], RegionExamples.Link("eu", "us", RegionLinkStates.Cut, lag: 43)));

        var words = page.Find("[data-testid='region-state'][data-key='us'] [data-testid='region-catch-up']").TextContent;
        Assert.Equal("43 changes, 17.3\u202fkB; come once the link is up again", words.Trim());
    }

    [Fact]
    public void Brake_Held_IsReleasedOnlyWithTheNameTyped()
    {
        Gateway.Answer("GET", "/api/v1/regions/us/brakes", new Page<BrakeView>([new("us", "customers", Examples.Now, 300, 500, ["eu"])], null));
        Gateway.Answer("POST", "/api/v1/regions/us/brakes/customers", new BrakeResponse("us", "customers", "release", 300));
        var page = Show(RegionExamples.Regions([RegionExamples.Region("eu"), RegionExamples.Region("us", held: 300)]));
        Assert.Contains("300 deletions wait for you in us", Find(page, "brake").TextContent);

        Press(page, "brake-release");
        Assert.Contains("300 documents are deleted in us; 200 stay", Find(page, "confirm-consequences").TextContent);
        Assert.True(Find(page, "confirm-submit").HasAttribute("disabled"));
        Type(page, "confirm-input", "customers");
        Submit(page, "confirm-dialog");

        Eventually(page, () => Assert.Contains("300", Find(page, "brake-done").TextContent));
        Assert.Equal("release", RegionExamples.Body(Gateway)!.Value.GetProperty("action").GetString());
    }

    [Fact]
    public void Queues_ByPriority_AreReadForEachRegion()
    {
        var page = Show(RegionExamples.Three());

        Eventually(page, () => Assert.Equal("3", page.Find("[data-testid='sync-queue-row'][data-key='ap'] [data-column='UPDATE']").TextContent));
        Assert.Equal("5", page.Find("[data-testid='sync-queue-row'][data-key='ap'] [data-column='retrying']").TextContent);
    }

    [Fact]
    public void Queue_Parked_IsListedAndTriedAgainAfterConfirmation()
    {
        Gateway.Answer("GET", "/api/v1/regions/us/queue?limit=50", RegionExamples.Queue("us", 1, RegionExamples.Item(1, SyncQueueStates.Pending), RegionExamples.Item(2, SyncQueueStates.Parked)));
        Gateway.Answer("GET", "/api/v1/regions/us/queue?state=parked&limit=50", RegionExamples.Queue("us", 1, RegionExamples.Item(2, SyncQueueStates.Parked)));
        Gateway.Answer("POST", "/api/v1/regions/us/queue/retry", new RetrySyncQueueResponse("us", 1));
        var page = Show(RegionExamples.Three());

        Press(page, "sync-queue-open-us");
        Eventually(page, () => Assert.Equal(2, All(page, "sync-queue-item").Count));
        Press(page, "sync-state-parked");
        Eventually(page, () => Assert.Equal("too large", Assert.Single(All(page, "sync-queue-item")).QuerySelector(".error")!.TextContent));
        Assert.Equal("/replication?view=regions&region=us&state=parked", Address);

        Press(page, "sync-retry-parked");
        Submit(page, "confirm-dialog");
        Eventually(page, () => Assert.Contains("1 change is tried again", Find(page, "sync-retried").TextContent));
    }

    [Fact]
    public void Clock_BeyondTheBudget_Warns()
    {
        var page = Show(RegionExamples.Regions([RegionExamples.Region("eu"), RegionExamples.Region("us", offsetMs: 12_000)]));

        Assert.Equal("critical", page.Find("[data-testid='clock-row'][data-key='us']").GetAttribute("data-severity"));
        Assert.NotNull(Find(page, "clock-warning"));
        Assert.Equal("healthy", page.Find("[data-testid='clock-row'][data-key='eu']").GetAttribute("data-severity"));
    }

    [Fact]
    public void Clock_OfANode_IsShownWhereItIsKnown()
    {
        var cluster = Examples.Cluster();
        ShowCluster(cluster with { Nodes = [cluster.Nodes[0] with { Hlc = "1772323200000.3", ClockOffsetMs = 6000 }, cluster.Nodes[1]] });
        var page = Show(RegionExamples.Three());

        Eventually(page, () => Assert.Equal("warning", Assert.Single(All(page, "node-clock-row")).GetAttribute("data-severity")));
    }

    [Fact]
    public void Chooser_ReachableRegions_LeadToTheirPanels()
    {
        var page = Show(RegionExamples.Regions([RegionExamples.Region("eu"), RegionExamples.Region("us"), RegionExamples.Region("far") with { Local = false }]));

        Assert.Equal("/replication?view=regions&region=us", Find(page, "region-us").GetAttribute("href"));
        Assert.Empty(All(page, "region-far"));
    }

    private IRenderedComponent<ReplicationPage> Show(RegionsView regions)
    {
        var page = Open<ReplicationPage>(Path);
        Feed.Snapshot(Topics.Lag, RegionExamples.Lag(regions));
        Eventually(page, () => Assert.Equal(regions.Regions.Count, All(page, "region-state").Count));
        return page;
    }
}
