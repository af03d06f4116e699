using Quorate.Contracts.Metrics;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Model;

public class NodeFiguresTests
{
    private static readonly TimeSpan EverySecond = TimeSpan.FromSeconds(1);

    [Fact]
    public void Of_Indexes_BecomeRatesPerSecond()
    {
        var figures = Assert.Single(NodeFigures.Of([Sample(4, Node("n1", commit: 100)), Sample(2, Node("n1", commit: 160))], EverySecond));

        Assert.Equal([null, 30.0], figures.CommitRate.Select(sample => sample.Value));
    }

    [Fact]
    public void Of_IndexThatWentBack_HasNoRateThere()
    {
        var figures = Assert.Single(NodeFigures.Of([Sample(2, Node("n1", commit: 100)), Sample(1, Node("n1", commit: 7))], EverySecond));

        Assert.Equal([null, null], figures.CommitRate.Select(sample => sample.Value));
    }

    [Fact]
    public void Of_NodeThatWasAway_HasAGapAndSharesTheTimeAxis()
    {
        var nodes = NodeFigures.Of(
            [Sample(3, Node("n1"), Node("n2")), Sample(2, Node("n1")), Sample(1, Node("n1"), Node("n2"))], EverySecond);

        Assert.Equal(["n1", "n2"], nodes.Select(node => node.Node));
        Assert.Equal(nodes[0].Inbox.Select(sample => sample.At), nodes[1].Inbox.Select(sample => sample.At));
        Assert.Equal([3.0, null, 3.0], nodes[1].Inbox.Select(sample => sample.Value));
        Assert.All(nodes[1].ApplyRate, sample => Assert.Null(sample.Value));
    }

    [Fact]
    public void Of_Figures_EndUpInTheirOwnLines()
    {
        var figures = Assert.Single(NodeFigures.Of([Sample(1, Node("n1"))], EverySecond));

        Assert.Equal(
            [1.5, 2.5, 0.5, 3, 4, 5],
            new[] { figures.FsyncP50, figures.FsyncP99, figures.RoundTrip, figures.Inbox, figures.SaveQueue, figures.ApplyQueue }.Select(line => line[0].Value));
    }

    private static MetricsSample Sample(int secondsAgo, params NodeSample[] nodes) => Examples.Sample(secondsAgo) with { Nodes = nodes };

    private static NodeSample Node(string id, long commit = 100) => new(id, commit, commit, 1.5, 2.5, 0.5, 3, 4, 5);
}
