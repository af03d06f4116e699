using Quorate.Contracts.Cluster;
using Quorate.Dashboard.Model;

namespace Quorate.Dashboard.Tests.Model;

public class BeliefMatrixTests
{
    [Fact]
    public void Of_NodesThatAgree_HasNoDisagreement()
    {
        var matrix = BeliefMatrix.Of([Node("n1"), Node("n2", NodeRoles.Leader), Node("n3") with { VotedFor = null, CommitIndex = 990 }]);

        Assert.Equal((0, 0), (matrix.Disagreements, matrix.Silent));
    }

    [Fact]
    public void Of_LeaderOfAnOlderTerm_IsDeposed()
    {
        var matrix = BeliefMatrix.Of([Node("n1", NodeRoles.Leader) with { Term = 6, Leader = "n1" }, Node("n2", NodeRoles.Leader), Node("n3")]);

        Assert.Equal("Belief.Deposed", matrix.Rows[0].Role.Why);
        Assert.Equal("Belief.OtherLeader", matrix.Rows[0].Leader.Why);
        Assert.Equal("Belief.OldTerm", matrix.Rows[0].Term.Why);
        Assert.Equal(3, matrix.Disagreements);
    }

    [Fact]
    public void Of_TwoLeadersInOneTerm_IsTheWorst() => Assert.Contains(
        BeliefMatrix.Of([Node("n1", NodeRoles.Leader) with { Leader = "n1" }, Node("n2", NodeRoles.Leader)]).Rows,
        row => row.Role.Why == "Belief.TwoLeaders");

    [Fact]
    public void Of_NodeThatKnowsNoLeader_Disagrees() => Assert.Equal(
        "Belief.NoLeader",
        BeliefMatrix.Of([Node("n1") with { Leader = null }, Node("n2", NodeRoles.Leader), Node("n3")]).Rows[0].Leader.Why);

    [Fact]
    public void Of_NobodyKnowsALeader_IsNoDisagreement() => Assert.Equal(
        0, BeliefMatrix.Of([Node("n1") with { Leader = null }, Node("n3") with { Leader = null }]).Disagreements);

    [Fact]
    public void Of_CandidateInANewerTerm_Disagrees() => Assert.Equal(
        "Belief.NewTerm",
        BeliefMatrix.Of([Node("n1", NodeRoles.Candidate) with { Term = 8 }, Node("n2", NodeRoles.Leader)]).Rows[0].Term.Why);

    [Fact]
    public void Of_OtherMembers_Disagree() => Assert.Equal(
        "Belief.OtherVoters",
        BeliefMatrix.Of([Node("n1") with { Voters = ["n1", "n2"] }, Node("n2", NodeRoles.Leader)]).Rows[0].Voters.Why);

    [Fact]
    public void Of_FarBehind_Disagrees()
    {
        var row = BeliefMatrix.Of([Node("n1") with { CommitIndex = 5000, AppliedIndex = 100 }, Node("n2", NodeRoles.Leader) with { CommitIndex = 5001 }]).Rows[0];

        Assert.Null(row.Commit.Why);
        Assert.Equal("Belief.Behind", row.Applied.Why);
    }

    [Fact]
    public void Of_NodeThatDoesNotAnswer_IsNotJudgedByItsLastWords()
    {
        var matrix = BeliefMatrix.Of([Node("n1") with { Reachable = false, Term = 3, Leader = "n3" }, Node("n2", NodeRoles.Leader)]);

        Assert.Equal((0, 1), (matrix.Disagreements, matrix.Silent));
    }

    private static NodeBelief Node(string id, string role = NodeRoles.Follower) =>
        new(id, Reachable: true, role, "n2", Term: 7, VotedFor: "n2", CommitIndex: 1000, AppliedIndex: 1000, LastIndex: 1001, ["n1", "n2", "n3"], []);
}
