using Quorate.Contracts.Cluster;
using Quorate.Contracts.Laboratory;

namespace Quorate.Dashboard.Model;

/// <summary>What an action on one node would do to the quorum, worked out before it is done.</summary>
/// <param name="HealthyAfter">Voters that would be healthy afterwards.</param>
/// <param name="WritesGoOn">Whether a majority would remain.</param>
/// <param name="Survives">Further failures survived afterwards.</param>
/// <param name="LosesLeader">The node leads now and would not afterwards: writes wait for an election.</param>
/// <param name="AffectsQuorum">False for a learner, and for a node that counts neither before nor after.</param>
public sealed record QuorumPreflight(
    int Voters, int HealthyBefore, int HealthyAfter, bool WritesGoOn, int Survives, bool LosesLeader, bool AffectsQuorum)
{
    public Severity Severity => !WritesGoOn ? Severity.Critical
        : HealthyAfter < Voters ? Severity.Warning
        : Severity.Healthy;

    /// <param name="action">One of <see cref="LaboratoryActions"/>.</param>
    public static QuorumPreflight Of(Topology topology, NodeView node, string action)
    {
        var counting = VoterGroups.Counting(topology);
        var counts = counting.Contains(node.Id);
        var before = topology.HasQuorum ? topology.HealthyVoters : counting.Count;
        var removes = action is LaboratoryActions.Stop or LaboratoryActions.Isolate;
        var change = (node.Voter, removes, counts) switch
        {
            (true, true, true) => -1,
            (true, false, false) => 1,
            _ => 0,
        };
        var after = Math.Clamp(before + change, 0, topology.Voters);
        var majority = (topology.Voters / 2) + 1;
        return new QuorumPreflight(
            topology.Voters,
            before,
            after,
            after >= majority,
            Math.Max(0, after - majority),
            removes && node.Id == topology.Leader,
            change != 0);
    }
}
