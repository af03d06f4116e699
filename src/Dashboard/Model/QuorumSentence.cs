using Quorate.Contracts.Cluster;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Model;

/// <summary>The one sentence that says whether to worry.</summary>
public sealed record QuorumSentence(Severity Severity, string Sentence)
{
    public static QuorumSentence Of(Topology? topology, Text text, Clock clock)
    {
        if (topology is null)
        {
            return new QuorumSentence(Severity.Unknown, text["Quorum.Unknown"]);
        }

        if (!topology.HasQuorum)
        {
            return WithoutQuorum(topology, text);
        }

        var voters = text["Quorum.Voters", topology.HealthyVoters, topology.Voters];
        var tolerance = topology.FaultTolerance == 0 ? text["Quorum.NoTolerance"] : text.Count("Quorum.Survives", topology.FaultTolerance);
        var leader = topology.LeaderSince is { } since
            ? text["Quorum.LeaderSince", topology.Leader, clock.Minute(since)]
            : text["Quorum.Leader", topology.Leader];
        var sentence = string.Join(text["Quorum.Comma"], voters, tolerance, leader, text["Quorum.Term", Format.Number(topology.Term)]);
        return new QuorumSentence(SeverityOf(topology), sentence);
    }

    private static QuorumSentence WithoutQuorum(Topology topology, Text text)
    {
        var counting = VoterGroups.Counting(topology).Count;
        var voters = text["Quorum.Counting", counting, topology.Voters];
        var missing = Majority(topology.Voters) - counting;
        var need = missing > 0 ? text.Count("Quorum.Need", missing) : text["Quorum.Electing"];
        var sentence = string.Join(text["Quorum.Comma"], text["Quorum.None"], voters, need, text["Quorum.Term", Format.Number(topology.Term)]);
        return new QuorumSentence(Severity.Critical, sentence);
    }

    /// <summary>A cluster of one never survives a failure, so that alone is no reason to warn.</summary>
    private static Severity SeverityOf(Topology topology)
    {
        var degraded = topology.HealthyVoters < topology.Voters
            || topology.Nodes.Any(node => node.Health != NodeHealths.Healthy);
        return degraded ? Severity.Warning : Severity.Healthy;
    }

    private static int Majority(int voters) => (voters / 2) + 1;
}
