using Quorate.Contracts.Cluster;
using Quorate.Contracts.Live;
using Quorate.Contracts.Problems;
using Quorate.Dashboard.Components.Pages;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Pages;

public class LeadersPageTests : ConsoleContext
{
    public LeadersPageTests() => Believe(Belief("n1"), Belief("n2", NodeRoles.Leader), Belief("n3"));

    [Fact]
    public void Page_Terms_AreATimelineAndATable()
    {
        var page = Show();

        Eventually(page, () => Assert.Equal(2, All(page, "term-row").Count));
        Assert.Equal(["7", "6"], All(page, "term-bar").OrderByDescending(bar => bar.GetAttribute("data-term")).Select(bar => bar.GetAttribute("data-term")));
        Assert.Equal("212", Find(page, "leader-gap").GetAttribute("data-ms"));
        Assert.Contains("212\u202fms", All(page, "term-row")[0].TextContent);
    }

    [Fact]
    public void Page_Summary_TellsWhenWhyAndHowLong()
    {
        var page = Show();

        Assert.Equal("Last change 14:00:20: n2. The previous leader went silent; 212\u202fms without a leader.", Find(page, "leaders-summary").TextContent);
    }

    [Fact]
    public void Page_NewTerm_AppearsWithoutReload()
    {
        var page = Show();

        Feed.Delta(Topics.Leaders, new LeadersPayload([Examples.Term(8, "n1") with { From = Examples.Now.AddSeconds(-5) }]));

        Eventually(page, () => Assert.Equal(3, All(page, "term-row").Count));
        Assert.Contains(All(page, "term-bar"), bar => bar.GetAttribute("data-leader") == "n1" && bar.GetAttribute("data-open") == "true");
    }

    [Fact]
    public void Page_NobodyLeads_SaysSince()
    {
        var page = Show();

        ShowCluster(Examples.Cluster(healthy: 1, quorum: false) with { At = Examples.Now.AddSeconds(-12) });

        Eventually(page, () => Assert.Contains("12\u202fs", Find(page, "leaderless").TextContent));
        Assert.True(Find(page, "transfer-leadership").HasAttribute("disabled"));
    }

    [Fact]
    public void Select_Bar_StandsInTheUrlWithTheRange()
    {
        var page = Show("/leaders?range=day");

        Press(page, "term-bar", bar => bar.GetAttribute("data-term") == "6");

        Assert.Equal("/leaders?range=day&term=6", Address);
        Eventually(page, () => Assert.Contains("Elected at first start", Find(page, "term-panel").TextContent));
        Press(page, "panel-close");
        Assert.Equal("/leaders?range=day", Address);
    }

    [Fact]
    public void Range_Choice_IsAnAddress() =>
        Assert.Equal("/leaders?range=all", Find(Show(), "range-all").GetAttribute("href"));

    [Fact]
    public void Beliefs_Agree_SaysSo()
    {
        var page = Show();

        Eventually(page, () => Assert.Contains("all agree", Find(page, "beliefs-verdict").TextContent));
        Assert.Equal("0", Find(page, "beliefs").GetAttribute("data-disagreements"));
    }

    [Fact]
    public void Beliefs_Disagreement_CarriesAnIconAndAWord()
    {
        Believe(Belief("n1") with { Leader = "n1", Term = 6 }, Belief("n2", NodeRoles.Leader), Belief("n3"));
        var page = Show();

        Eventually(page, () => Assert.Equal("2", Find(page, "beliefs").GetAttribute("data-disagreements")));
        var cell = page.Find("[data-testid='belief-row'][data-key='n1'] [data-column='leader']");
        Assert.Equal("true", cell.GetAttribute("data-disagrees"));
        Assert.Contains("other leader", cell.TextContent);
        Assert.NotNull(cell.QuerySelector("svg.icon"));
    }

    [Fact]
    public void Beliefs_TopologyChanged_AreReadAgain()
    {
        var page = Show();
        Eventually(page, () => Assert.Equal("0", Find(page, "beliefs").GetAttribute("data-disagreements")));

        Believe(Belief("n1") with { Leader = null }, Belief("n2", NodeRoles.Leader), Belief("n3"));
        ShowCluster(Examples.Cluster());

        Eventually(page, () => Assert.Equal("1", Find(page, "beliefs").GetAttribute("data-disagreements")));
    }

    [Fact]
    public void Beliefs_NotAnswered_SaysWhy()
    {
        Gateway.Refuse("GET", "/api/v1/cluster/beliefs", FakeGateway.Problem(500, ErrorCodes.Internal));

        Assert.Contains("internal", Find(Show(), "beliefs-error").TextContent);
    }

    [Fact]
    public void Transfer_Dialog_TellsTheCostAndTheCommand()
    {
        var page = Show();
        Feed.Delta(Topics.Leaders, new LeadersPayload([Examples.Term(5) with { Cause = ElectionCauses.Transfer, LeaderlessMs = 30 }]));
        Eventually(page, () => Assert.Equal(3, All(page, "term-row").Count));

        Press(page, "transfer-leadership");
        Choose(page, "transfer-target", "n3");

        Assert.Contains("Writes pause for about 30\u202fms, the median of 1 earlier", Find(page, "confirm-consequences").TextContent);
        Assert.Contains("""-d '{"target":"n3"}'""", page.Find("[data-testid='confirm-dialog'] [data-testid='command']").TextContent);
        Assert.Equal(["", "n1", "n3"], page.FindAll("[data-testid='transfer-target'] option").Select(option => option.GetAttribute("value")));
    }

    [Fact]
    public void Transfer_TargetThatIsDown_Warns()
    {
        var page = Show(cluster: Examples.Cluster(healthy: 2));
        Press(page, "transfer-leadership");

        Choose(page, "transfer-target", "n3");

        Assert.Contains("n3 is stopped now: the transfer is likely to fail", Find(page, "confirm-consequences").TextContent);
    }

    [Fact]
    public void Transfer_Confirmed_PostsAndSaysWhoLeads()
    {
        Gateway.Answer("POST", "/api/v1/cluster/leadership", new TransferLeadershipResponse("n1", 8));
        var page = Show();
        Press(page, "transfer-leadership");
        Choose(page, "transfer-target", "n1");
        Type(page, "confirm-reason", "kernel update");

        Submit(page, "confirm-dialog");

        Eventually(page, () => Assert.Contains("n1 leads now, term 8.", Find(page, "leadership-done").TextContent));
        var request = Gateway.Requests.Single(request => request.Asked == "POST /api/v1/cluster/leadership");
        Assert.Equal(("""{"target":"n1"}""", "kernel update"), (request.Body, request.Headers["X-Reason"]));
        Assert.Empty(All(page, "confirm-dialog"));
    }

    [Fact]
    public void Transfer_Failed_KeepsTheDialogAndSaysThatNothingMoved()
    {
        Gateway.Refuse("POST", "/api/v1/cluster/leadership", FakeGateway.Problem(409, ErrorCodes.TransferFailed));
        var page = Show();
        Press(page, "transfer-leadership");

        Submit(page, "confirm-dialog");

        Eventually(page, () => Assert.Contains("Leadership stayed where it was", Find(page, "confirm-error").TextContent));
    }

    [Fact]
    public void Election_Confirmed_Posts()
    {
        Gateway.Answer("POST", "/api/v1/cluster/election", new TransferLeadershipResponse("n3", 9));
        var page = Show();
        Press(page, "hold-election");
        Assert.Contains("n2 steps down", Find(page, "confirm-consequences").TextContent);

        Submit(page, "confirm-dialog");

        Eventually(page, () => Assert.Contains("n3 leads now, term 9.", Find(page, "leadership-done").TextContent));
    }

    [Fact]
    public void Election_NoQuorum_SaysThatNobodyCanWin()
    {
        var page = Show(cluster: Examples.Cluster(healthy: 1, quorum: false));

        Press(page, "hold-election");

        Assert.Contains("1 of 3 voters are healthy. Nobody can win", Find(page, "confirm-consequences").TextContent);
    }

    private IRenderedComponent<LeadersPage> Show(string address = "/leaders", Topology? cluster = null)
    {
        var page = Open<LeadersPage>(address);
        ShowCluster(cluster ?? Examples.Cluster());
        Feed.Snapshot(Topics.Leaders, new LeadersPayload(
        [
            Examples.Term(7), new LeaderTerm("n3", 6, Examples.Now.AddMinutes(-9), Examples.Now.AddMinutes(-3), ElectionCauses.Bootstrap, ["n2", "n3"], null, 1),
        ]));
        Find(page, "hold-election");
        Find(page, "term-row");
        return page;
    }

    private void Believe(params NodeBelief[] beliefs) => Gateway.Answer("GET", "/api/v1/cluster/beliefs", beliefs);

    private static NodeBelief Belief(string id, string role = NodeRoles.Follower) =>
        new(id, Reachable: true, role, "n2", Term: 7, VotedFor: "n2", CommitIndex: 1000, AppliedIndex: 1000, LastIndex: 1001, ["n1", "n2", "n3"], []);
}
