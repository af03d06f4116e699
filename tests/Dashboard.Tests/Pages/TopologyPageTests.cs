using Quorate.Contracts.Cluster;
using Quorate.Contracts.Laboratory;
using Quorate.Contracts.Live;
using Quorate.Contracts.Problems;
using Quorate.Dashboard.Components.Pages;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Pages;

public class TopologyPageTests : ConsoleContext
{
    [Fact]
    public void Page_Nodes_AreAGraphAndATable()
    {
        var page = Show(Examples.Cluster());

        Assert.Equal("leader", Find(page, "node-card-n2").GetAttribute("data-role"));
        Assert.Equal("up", Find(page, "link-n1-n2").GetAttribute("data-state"));
        Assert.Equal(3, All(page, "node-row").Count);
        Assert.Contains("12\u202f480", All(page, "node-row")[0].TextContent);
    }

    [Fact]
    public void Page_NewLeader_AppearsWithoutReload()
    {
        var page = Show(Examples.Cluster());
        var cluster = Examples.Cluster();

        Feed.Delta(Topics.Topology, cluster with { Leader = "n1", Nodes = [Examples.Node("n1", NodeRoles.Leader), Examples.Node("n2"), cluster.Nodes[2]] });

        Eventually(page, () => Assert.Equal("leader", Find(page, "node-card-n1").GetAttribute("data-role")));
        Assert.Equal("follower", Find(page, "node-card-n2").GetAttribute("data-role"));
    }

    [Fact]
    public void Stop_Leader_TellsWhatHappensBeforeItIsDone()
    {
        var page = Show(Examples.Cluster());

        Press(page, "node-stop-n2");

        var words = Find(page, "confirm-consequences").TextContent;
        Assert.Contains("2 of 3 voters remain; writes go on; the next failure stops writes.", words);
        Assert.Contains("n2 leads now", words);
        Assert.Contains("curl -X POST 'http://localhost/api/v1/lab/nodes/n2/stop'", Find(page, "command").TextContent);
        Assert.True(Find(page, "confirm-submit").HasAttribute("disabled"));
        Assert.Empty(Gateway.Requests);
    }

    [Fact]
    public void Stop_SecondOfThree_WarnsThatWritesStop()
    {
        var page = Show(Examples.Cluster(healthy: 2));

        Press(page, "node-stop-n1");

        Assert.Contains("1 of 3 voters remain: no quorum", Find(page, "confirm-consequences").TextContent);
    }

    [Fact]
    public void Stop_Confirmed_PostsWithTheReasonAndCloses()
    {
        Gateway.Answer("POST", "/api/v1/lab/nodes/n1/stop", new LaboratoryNode("n1", "stopped"));
        var page = Show(Examples.Cluster());
        Press(page, "node-stop-n1");

        Type(page, "confirm-input", "n1");
        Type(page, "confirm-reason", "drill");
        Assert.Contains("-H 'X-Reason: drill'", Find(page, "command").TextContent);
        Submit(page, "confirm-dialog");

        Eventually(page, () => Assert.Empty(All(page, "confirm-dialog")));
        var request = Assert.Single(Gateway.Requests);
        Assert.Equal(("POST /api/v1/lab/nodes/n1/stop", "drill"), (request.Asked, request.Headers["X-Reason"]));
    }

    [Fact]
    public void Stop_Refused_KeepsTheDialogAndSaysWhy()
    {
        Gateway.Refuse("POST", "/api/v1/lab/nodes/n1/stop", FakeGateway.Problem(503, ErrorCodes.NoQuorum));
        var page = Show(Examples.Cluster());
        Press(page, "node-stop-n1");
        Type(page, "confirm-input", "n1");

        Submit(page, "confirm-dialog");

        Assert.Contains("no_quorum", Find(page, "confirm-error").TextContent);
    }

    [Fact]
    public void Actions_Node_OffersOnlyWhatMakesSense()
    {
        var page = Show(Examples.Cluster(healthy: 2));

        Assert.False(Find(page, "node-start-n3").HasAttribute("disabled"));
        Assert.True(Find(page, "node-stop-n3").HasAttribute("disabled"));
        Assert.True(Find(page, "node-start-n1").HasAttribute("disabled"));
        Assert.True(Find(page, "node-heal-n1").HasAttribute("disabled"));
    }

    [Fact]
    public void Actions_NodeCutOff_OffersHeal()
    {
        var cut = Examples.Cluster() with { Links = [new("n1", "n2", LinkStates.Cut, null), new("n2", "n1", LinkStates.Cut, null)] };
        var page = Show(cut);

        Assert.False(Find(page, "node-heal-n1").HasAttribute("disabled"));
        Assert.True(Find(page, "node-isolate-n1").HasAttribute("disabled"));
        Assert.Equal("cut", Find(page, "link-n1-n2").GetAttribute("data-state"));
    }

    [Fact]
    public void Laboratory_Off_IsExplained()
    {
        var page = Show(Examples.Cluster(laboratory: false));

        Assert.Contains("Laboratory:Enabled", Find(page, "laboratory-off").TextContent);
        Assert.Empty(All(page, "node-stop-n1"));
    }

    [Fact]
    public void Select_Node_StandsInTheUrl()
    {
        var page = Show(Examples.Cluster());

        Press(page, "node-card-n3");

        Assert.Equal("/topology?node=n3", Address);
        Assert.Contains("127.0.0.1:703", Find(page, "node-panel").TextContent);
        Assert.Contains("2 of 3 voters remain; writes go on; the next failure stops writes.", Find(page, "node-if-stopped").TextContent);

        Press(page, "panel-close");
        Assert.Equal("/topology", Address);
    }

    private IRenderedComponent<TopologyPage> Show(Topology cluster)
    {
        var page = Open<TopologyPage>("/topology");
        ShowCluster(cluster);
        Find(page, "node-row");
        return page;
    }
}
