using Quorate.Contracts.Cluster;
using Quorate.Contracts.Laboratory;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Model;

public class QuorumPreflightTests
{
    [Theory]
    [InlineData(LaboratoryActions.Stop)]
    [InlineData(LaboratoryActions.Isolate)]
    public void Of_RemovingOneOfThree_LeavesTwoAndNoTolerance(string action)
    {
        var result = QuorumPreflight.Of(Examples.Cluster(), Examples.Node("n1"), action);

        Assert.Equal(new QuorumPreflight(3, 3, 2, WritesGoOn: true, Survives: 0, LosesLeader: false, AffectsQuorum: true), result);
        Assert.Equal(Severity.Warning, result.Severity);
    }

    [Fact]
    public void Of_StoppingTheLeader_SaysSo() =>
        Assert.True(QuorumPreflight.Of(Examples.Cluster(), Examples.Node("n2", NodeRoles.Leader), LaboratoryActions.Stop).LosesLeader);

    [Fact]
    public void Of_RemovingTheSecond_StopsWrites()
    {
        var result = QuorumPreflight.Of(Examples.Cluster(healthy: 2), Examples.Node("n1"), LaboratoryActions.Stop);

        Assert.Equal(1, result.HealthyAfter);
        Assert.False(result.WritesGoOn);
        Assert.Equal(0, result.Survives);
        Assert.Equal(Severity.Critical, result.Severity);
    }

    [Fact]
    public void Of_StartingTheStopped_RestoresTolerance()
    {
        var result = QuorumPreflight.Of(Examples.Cluster(healthy: 2), Examples.Node("n3", health: NodeHealths.Stopped), LaboratoryActions.Start);

        Assert.Equal((3, 1, Severity.Healthy), (result.HealthyAfter, result.Survives, result.Severity));
    }

    [Fact]
    public void Of_StoppingWhatDoesNotCount_ChangesNothing()
    {
        var cutOff = QuorumPreflight.Of(Examples.Cluster(healthy: 2), Examples.Node("n3", health: NodeHealths.Isolated), LaboratoryActions.Stop);
        var learner = QuorumPreflight.Of(Examples.Cluster(), Examples.Node("n4", NodeRoles.Learner, voter: false), LaboratoryActions.Stop);

        Assert.False(cutOff.AffectsQuorum);
        Assert.Equal(2, cutOff.HealthyAfter);
        Assert.False(learner.AffectsQuorum);
        Assert.Equal(3, learner.HealthyAfter);
    }

    [Theory]
    [InlineData(1, 1, 0, false)]
    [InlineData(2, 2, 1, false)]
    [InlineData(4, 4, 3, true)]
    [InlineData(5, 5, 4, true)]
    [InlineData(5, 3, 2, false)]
    public void Of_OtherSizes_CountTheMajority(int voters, int healthy, int after, bool writesGoOn)
    {
        var cluster = Examples.Cluster() with { Voters = voters, HealthyVoters = healthy };
        var result = QuorumPreflight.Of(cluster, Examples.Node("n1"), LaboratoryActions.Stop);

        Assert.Equal((after, writesGoOn), (result.HealthyAfter, result.WritesGoOn));
    }
}
