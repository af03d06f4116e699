using Quorate.Contracts;
using Quorate.Contracts.Cluster;
using Quorate.Contracts.Problems;
using Quorate.Dashboard.Components.Pages;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Pages;

public class MembersSectionTests : ConsoleContext
{
    public MembersSectionTests() => Have(Member("n1"), Member("n2"), Member("n3"));

    [Fact]
    public void Section_Members_AreListedWithTheirState()
    {
        Have(Member("n1"), Member("n2"), Member("n3", MemberStates.Leaving));
        var page = Show();

        Assert.Equal(3, All(page, "member-row").Count);
        Assert.Contains("leaving", All(page, "member-row")[2].TextContent);
        Assert.True(Find(page, "member-remove-n3").HasAttribute("disabled"));
    }

    [Fact]
    public void Section_JoiningNode_ShowsHowFarBehindItIsAndBecomesAVoter()
    {
        Have(Member("n1"), Member("n2"), Member("n3", MemberStates.Joining));
        var page = Show();
        Assert.Contains("1 entry behind", Find(page, "member-progress").TextContent);

        Have(Member("n1"), Member("n2"), Member("n3"));
        ShowCluster(Examples.Cluster());

        Eventually(page, () => Assert.Empty(All(page, "member-progress")));
    }

    [Fact]
    public void Section_NotAnswered_SaysWhy()
    {
        Gateway.Refuse("GET", "/api/v1/cluster/members", FakeGateway.Problem(500, ErrorCodes.Internal));
        var page = Open<TopologyPage>("/topology?view=members");
        ShowCluster(Examples.Cluster());

        Assert.Contains("internal", Find(page, "members-error").TextContent);
    }

    [Fact]
    public void Backup_Link_GoesToTheGatewayAndIsNotFollowedByTheConsole()
    {
        var link = Find(Show(), "backup-download");

        Assert.Equal("http://localhost/api/v1/cluster/backup", link.GetAttribute("href"));
        Assert.True(link.HasAttribute("download"));
    }

    [Fact]
    public void Remove_Dialog_ShowsTheGatewaysPreflightAndWantsTheId()
    {
        Gateway.Answer("DELETE", "/api/v1/cluster/members/n3?dryRun=true", Change("n3", before: (3, 2, 1), after: (2, 2, 0), "Afterwards the next failure of a voter stops all writes."));
        var page = Show();

        Press(page, "member-remove-n3");

        Eventually(page, () => Assert.Contains("3 → 2", Find(page, "member-effect").TextContent));
        Assert.Contains("2, as before", Find(page, "member-effect").TextContent);
        Assert.Contains("the next failure of a voter stops all writes", Find(page, "member-effect").TextContent);
        Assert.Contains("never join this cluster again", Find(page, "confirm-consequences").TextContent);
        Assert.True(Find(page, "confirm-submit").HasAttribute("disabled"));
        Type(page, "confirm-input", "n3");
        Assert.False(Find(page, "confirm-submit").HasAttribute("disabled"));
    }

    [Fact]
    public void Remove_Unsafe_CannotBeConfirmed()
    {
        Gateway.Answer("DELETE", "/api/v1/cluster/members/n3?dryRun=true", Change("n3", before: (3, 2, -1), after: (2, 2, -1), "A quorum would be lacking."));
        var page = Show();
        Press(page, "member-remove-n3");
        Eventually(page, () => Assert.Contains("A quorum would be lacking.", Find(page, "member-effect").TextContent));

        Type(page, "confirm-input", "n3");

        Assert.True(Find(page, "confirm-submit").HasAttribute("disabled"));
    }

    [Fact]
    public void Remove_Confirmed_DeletesWithTheReasonAndReadsAgain()
    {
        var change = Change("n3", before: (3, 2, 1), after: (2, 2, 0));
        Gateway.Answer("DELETE", "/api/v1/cluster/members/n3?dryRun=true", change);
        Gateway.Answer("DELETE", "/api/v1/cluster/members/n3", change with { DryRun = false });
        var page = Show();
        Press(page, "member-remove-n3");
        Eventually(page, () => Assert.Contains("3 → 2", Find(page, "member-effect").TextContent));
        Type(page, "confirm-input", "n3");
        Type(page, "confirm-reason", "machine retired");
        Have(Member("n1"), Member("n2"));

        Submit(page, "confirm-dialog");

        Eventually(page, () => Assert.Equal(2, All(page, "member-row").Count));
        Eventually(page, () => Assert.Empty(All(page, "confirm-dialog")));
        Assert.Equal("machine retired", Asked("DELETE /api/v1/cluster/members/n3").Headers["X-Reason"]);
    }

    [Fact]
    public void Add_InOneProcess_AsksForAnIdOnly()
    {
        Gateway.Answer("POST", "/api/v1/cluster/members?dryRun=true", Change("n4", before: (3, 2, 1), after: (4, 3, 1), "4 voters survive no more failures than 3 would."));
        var page = Show();

        Press(page, "member-add");
        Assert.Empty(All(page, "member-address"));
        Assert.True(Find(page, "confirm-submit").HasAttribute("disabled"));
        Type(page, "member-id", "n4");

        Eventually(page, () => Assert.Contains("4 voters survive no more failures", Find(page, "member-effect").TextContent));
        Assert.False(Find(page, "confirm-submit").HasAttribute("disabled"));
        Assert.Contains("""-d '{"id":"n4"}'""", page.Find("[data-testid='confirm-dialog'] [data-testid='command']").TextContent);
    }

    [Fact]
    public void Add_NodesElsewhere_AsksForTheAddressToo()
    {
        Gateway.Answer("POST", "/api/v1/cluster/members?dryRun=true", Change("n4", before: (3, 2, 1), after: (4, 3, 1)));
        var page = Show(Examples.Cluster(laboratory: false));
        Press(page, "member-add");

        Type(page, "member-id", "n4");
        Type(page, "member-address", "10.0.0.4:7400");

        Eventually(page, () => Assert.Contains("3 → 4", Find(page, "member-effect").TextContent));
        Assert.Contains(Gateway.Requests, request => request.Body?.Contains("10.0.0.4:7400") == true);
    }

    [Theory]
    [InlineData(ErrorCodes.NodeIdRetired, "ids are never used again")]
    [InlineData(ErrorCodes.NodeExists, "is a member already")]
    public void Add_RefusedId_SaysWhyInWords(string code, string words)
    {
        Gateway.Refuse("POST", "/api/v1/cluster/members?dryRun=true", FakeGateway.Problem(409, code));
        var page = Show();
        Press(page, "member-add");

        Type(page, "member-id", "n3");

        Eventually(page, () => Assert.Contains(words, Find(page, "member-effect").TextContent));
        Assert.True(Find(page, "confirm-submit").HasAttribute("disabled"));
    }

    [Fact]
    public void Add_Confirmed_PostsAndShowsTheNewcomer()
    {
        var change = Change("n4", before: (3, 2, 1), after: (4, 3, 1));
        Gateway.Answer("POST", "/api/v1/cluster/members?dryRun=true", change);
        Gateway.Answer("POST", "/api/v1/cluster/members", change with { DryRun = false });
        var page = Show();
        Press(page, "member-add");
        Type(page, "member-id", "n4");
        Eventually(page, () => Assert.Contains("3 → 4", Find(page, "member-effect").TextContent));
        Have(Member("n1"), Member("n2"), Member("n3"), Member("n4", MemberStates.Joining));

        Submit(page, "confirm-dialog");

        Eventually(page, () => Assert.Contains("not heard of yet", Find(page, "member-progress").TextContent));
        Assert.Contains("\"id\":\"n4\"", Asked("POST /api/v1/cluster/members").Body);
    }

    [Fact]
    public void Consistency_Equal_ShowsTheHashOfEachNode()
    {
        Gateway.Answer("GET", "/api/v1/cluster/consistency", new ConsistencyReport(42, true, [new("n1", new string('a', 64)), new("n2", new string('a', 64))]));
        var page = Show();

        Press(page, "consistency-check");

        Eventually(page, () => Assert.Contains("all equal", Find(page, "consistency-verdict").TextContent));
        Assert.Equal(2, All(page, "consistency-hash").Count);
        Assert.Contains("At index 42", Find(page, "consistency").TextContent);
    }

    [Fact]
    public void Consistency_NodesDiffer_IsCritical()
    {
        Gateway.Answer("GET", "/api/v1/cluster/consistency", new ConsistencyReport(42, false, [new("n1", new string('a', 64)), new("n2", new string('b', 64)), new("n3", null)]));
        var page = Show();

        Press(page, "consistency-check");

        Eventually(page, () => Assert.Contains("nodes differ", Find(page, "consistency-verdict").TextContent));
        Assert.Contains("critical", Find(page, "consistency-verdict").ClassName);
        Assert.Contains("no answer in time", Find(page, "consistency").TextContent);
    }

    private IRenderedComponent<TopologyPage> Show(Topology? cluster = null)
    {
        var page = Open<TopologyPage>("/topology?view=members");
        ShowCluster(cluster ?? Examples.Cluster());
        Find(page, "member-row");
        return page;
    }

    private FakeGateway.Request Asked(string what) => Gateway.Requests.Single(request => request.Asked == what);

    private void Have(params MemberView[] members) => Gateway.Answer("GET", "/api/v1/cluster/members", new Page<MemberView>(members, null));

    private static MemberView Member(string id, string state = MemberStates.Voter) => new(id, $"127.0.0.1:70{id[1..]}", "local", state);

    private static MemberChange Change(string id, (int Voters, int Majority, int Survives) before, (int Voters, int Majority, int Survives) after, params string[] warnings)
    {
        return new MemberChange(id, true, View(before), View(after), warnings);

        static QuorumView View((int Voters, int Majority, int Survives) view) =>
            new([.. Enumerable.Range(1, view.Voters).Select(voter => $"n{voter}")], [], view.Majority, view.Survives);
    }
}
