using Quorate.Contracts.Live;
using Quorate.Dashboard.Components.Pages;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Pages;

public class OverviewPageTests : ConsoleContext
{
    [Fact]
    public void Page_BeforeData_ShowsSkeletonsInEveryTile()
    {
        var page = Open<OverviewPage>("/");

        Assert.Equal(9, All(page, "skeleton").Count);
        Assert.DoesNotContain("NaN", page.Markup);
    }

    [Fact]
    public void Page_Snapshots_FillTheTilesWithoutReload()
    {
        var page = Open<OverviewPage>("/");

        ShowCluster(Examples.Cluster());
        Feed.Snapshot(Topics.Leaders, new LeadersPayload([Examples.Term(7)]));
        Feed.Snapshot(Topics.Locks, new LocksPayload([Examples.Lock("a", "w1", "w2", "w3")], [], 1234));
        Feed.Snapshot(Topics.Kv, new KvPayload([], [], 42));
        Feed.Snapshot(Topics.Metrics, new MetricsPayload([Examples.Sample(60, 900), Examples.Sample(0, 1100)]));
        Feed.Snapshot(Topics.Events, new EventsPayload([Examples.Event(2, "critical", "n3 is behind."), Examples.Event(1)]));

        Eventually(page, () => Assert.Equal(2, All(page, "event-row").Count));
        Assert.Contains("3 of 3", Find(page, "quorum-tile").TextContent);
        Assert.Contains("1", Find(page, "fault-tolerance").QuerySelector(".figure")!.TextContent);
        Assert.Contains("n2", Find(page, "leader-tile").TextContent);
        Assert.Contains("212\u202fms", Find(page, "last-election").TextContent);
        Assert.Equal("1\u202f234", Find(page, "locks-tile").QuerySelector(".figure")!.TextContent);
        Assert.Equal("2", Find(page, "waiters-tile").QuerySelector(".figure")!.TextContent);
        Assert.Contains("1\u202f100\u202f/s", Find(page, "throughput-tile").TextContent);
        Assert.Contains("critical", All(page, "event-row")[0].TextContent);
        Assert.Empty(All(page, "skeleton"));
    }

    [Fact]
    public void Page_QuorumLost_SaysSoInWords()
    {
        var page = Open<OverviewPage>("/");
        ShowCluster(Examples.Cluster());
        Eventually(page, () => Assert.Contains("all healthy", Find(page, "quorum-tile").TextContent));

        Feed.Delta(Topics.Topology, Examples.Cluster(healthy: 1, quorum: false));

        Eventually(page, () => Assert.Contains("no quorum, writes refused", Find(page, "quorum-tile").TextContent));
        Assert.Contains("No leader", Find(page, "leader-tile").TextContent);
        Assert.Contains("writes are refused now", Find(page, "fault-tolerance").TextContent);
    }

    [Fact]
    public void Page_ConnectionLost_GreysTheTilesAndGivesTheirAge()
    {
        var page = Open<OverviewPage>("/");
        ShowCluster(Examples.Cluster());
        Eventually(page, () => Assert.Equal("live", Find(page, "leader-tile").GetAttribute("data-state")));

        Time.Now += TimeSpan.FromSeconds(12);
        Feed.Lose(TimeSpan.FromSeconds(3));

        Eventually(page, () => Assert.Equal("stale", Find(page, "leader-tile").GetAttribute("data-state")));
        Eventually(page, () => Assert.Contains("stale · index 12\u202f480, 12\u202fs ago", Find(page, "leader-tile").TextContent));
        Assert.Contains("n2", Find(page, "leader-tile").TextContent);
    }

    [Fact]
    public void Page_NoEvents_SaysWhatWillBeListed()
    {
        var page = Open<OverviewPage>("/");

        Feed.Snapshot(Topics.Events, new EventsPayload([]));

        Assert.Contains("No events yet", Find(page, "empty-state").TextContent);
    }
}
