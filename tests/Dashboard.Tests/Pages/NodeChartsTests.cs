using Quorate.Contracts.Cluster;
using Quorate.Contracts.Live;
using Quorate.Contracts.Metrics;
using Quorate.Dashboard.Components.Pages;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Pages;

public class NodeChartsTests : ConsoleContext
{
    [Fact]
    public void Charts_EveryNode_HasTheSameFour()
    {
        var page = Show(Sample(20, Node("n1", 100, 2), Node("n2", 100, 4)), Sample(10, Node("n1", 200, 2), Node("n2", 200, 40)));

        Assert.Equal(["n1", "n2"], All(page, "node-chart").Select(node => node.GetAttribute("data-key")));
        Assert.All(["index", "fsync", "append", "queues"], id => Assert.Equal(2, All(page, $"node-chart-{id}").Count));
        Assert.Contains("10\u202f/s", All(page, "node-chart-index")[0].TextContent);
        Assert.Contains("leader", All(page, "node-chart")[1].QuerySelector("h2")!.TextContent);
    }

    [Fact]
    public void Charts_SameFigure_ShareTheScaleOfTheGreatest()
    {
        var page = Show(Sample(20, Node("n1", 100, 2), Node("n2", 100, 4)), Sample(10, Node("n1", 200, 2), Node("n2", 200, 40)));

        Assert.All(All(page, "node-chart-fsync"), chart => Assert.Contains("50\u202fms", chart.QuerySelector(".axis")!.TextContent));
    }

    [Fact]
    public void Charts_ChangeOfLeader_IsAMarkAcrossAll()
    {
        var page = Show(Sample(20, Node("n1", 100, 2)), Sample(10, Node("n1", 200, 2)));
        Feed.Snapshot(Topics.Leaders, new LeadersPayload([Examples.Term(7) with { From = Examples.Now.AddSeconds(-15) }]));

        Eventually(page, () => Assert.Equal(3, page.FindAll("[data-testid='node-chart'] path.mark").Count));
        Assert.Contains("n2 elected, term 7", page.Find("path.mark title").TextContent);
    }

    [Fact]
    public void Charts_NodeThatJoined_GetsItsColumn()
    {
        var page = Show(Sample(20, Node("n1", 100, 2)));

        Feed.Delta(Topics.Metrics, new MetricsPayload([Sample(5, Node("n1", 100, 2), Node("n4", 90, 2))]));

        Eventually(page, () => Assert.Equal(2, All(page, "node-chart").Count));
    }

    private IRenderedComponent<TopologyPage> Show(params MetricsSample[] samples)
    {
        var page = Open<TopologyPage>("/topology?view=charts");
        ShowCluster(Examples.Cluster());
        Feed.Snapshot(Topics.Metrics, new MetricsPayload(samples));
        Find(page, "node-chart");
        return page;
    }

    private static MetricsSample Sample(int secondsAgo, params NodeSample[] nodes) => Examples.Sample(secondsAgo) with { Nodes = nodes };

    private static NodeSample Node(string id, long commit, double fsync) => new(id, commit, commit, fsync / 2, fsync, null, 1, 0, 0);
}
