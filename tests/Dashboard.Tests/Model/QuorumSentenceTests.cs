using Quorate.Contracts.Cluster;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Resources;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Model;

public class QuorumSentenceTests
{
    private readonly Text _text = new();
    private readonly Clock _clock = new(new SettableClock());

    [Fact]
    public void Of_AllHealthy_SaysWhatIsSurvivedAndWhoLeads()
    {
        var result = QuorumSentence.Of(Examples.Cluster(), _text, _clock);

        Assert.Equal("3 of 3 voters healthy, survives 1 failure, leader n2 since 14:00, term 7", result.Sentence);
        Assert.Equal(Severity.Healthy, result.Severity);
    }

    [Fact]
    public void Of_OneDown_WarnsThatTheNextFailureStopsWrites()
    {
        var result = QuorumSentence.Of(Examples.Cluster(healthy: 2), _text, _clock);

        Assert.Equal("2 of 3 voters healthy, the next failure stops writes, leader n2 since 14:00, term 7", result.Sentence);
        Assert.Equal(Severity.Warning, result.Severity);
    }

    [Fact]
    public void Of_NoQuorum_IsCriticalAndCountsTheMissing()
    {
        var result = QuorumSentence.Of(LeftAlone(), _text, _clock);

        Assert.Equal("No quorum: writes are refused, 1 of 3 voters run and reach each other, 1 more voter needed, term 7", result.Sentence);
        Assert.Equal(Severity.Critical, result.Severity);
    }

    [Fact]
    public void Of_MajorityWithoutLeader_SaysThatOneIsElected() =>
        Assert.Contains("electing a leader", QuorumSentence.Of(Examples.Cluster(quorum: false), _text, _clock).Sentence);

    [Fact]
    public void Of_NobodyReachesAnybody_DoesNotCountThemTogether()
    {
        var cluster = Examples.Cluster(quorum: false);
        var apart = cluster with { Links = [.. cluster.Links.Select(link => link with { State = LinkStates.Cut })] };

        Assert.Contains("1 of 3 voters run and reach each other, 1 more voter needed", QuorumSentence.Of(apart, _text, _clock).Sentence);
    }

    [Fact]
    public void Preflight_StartWithoutQuorum_CountsWhoRunsThough()
    {
        var alone = LeftAlone();

        Assert.True(QuorumPreflight.Of(alone, alone.Nodes[2], Quorate.Contracts.Laboratory.LaboratoryActions.Start).WritesGoOn);
    }

    [Fact]
    public void Of_LearnerBehind_WarnsThoughAllVotersAreHealthy()
    {
        var cluster = Examples.Cluster();
        var withLearner = cluster with { Nodes = [.. cluster.Nodes, Examples.Node("n4", NodeRoles.Learner, NodeHealths.Lagging, voter: false)] };

        Assert.Equal(Severity.Warning, QuorumSentence.Of(withLearner, _text, _clock).Severity);
    }

    [Fact]
    public void Of_Nothing_ClaimsNothing() =>
        Assert.Equal(Severity.Unknown, QuorumSentence.Of(null, _text, _clock).Severity);

    [Fact]
    public void Of_LeaderOfYesterday_GivesTheDate() =>
        Assert.Contains("since 2026-02-28 14:03", QuorumSentence.Of(Examples.Cluster() with { LeaderSince = Examples.Now.AddDays(-1) }, _text, _clock).Sentence);

    /// <summary>n1 runs and looks for a leader, the others are stopped: nobody is healthy, and one more is enough.</summary>
    private static Topology LeftAlone()
    {
        var cluster = Examples.Cluster(healthy: 0, quorum: false);
        return cluster with { Nodes = [.. cluster.Nodes.Select(node => node with { Health = node.Id == "n1" ? NodeHealths.Isolated : NodeHealths.Stopped })] };
    }

    [Fact]
    public void Of_Chinese_UsesItsWords()
    {
        _text.Language = Text.Chinese;

        Assert.Equal("3 个投票节点中 3 个健康，还能承受 1 个故障，自 14:00 起由 n2 领导，任期 7", QuorumSentence.Of(Examples.Cluster(), _text, _clock).Sentence);
    }
}
