using Quorate.Contracts.Cluster;
using Quorate.Contracts.Laboratory;

namespace Quorate.Dashboard.Model;

/// <summary>Which laboratory actions make sense on a node now.</summary>
public static class NodeActions
{
    public static readonly IReadOnlyList<string> All =
        [LaboratoryActions.Stop, LaboratoryActions.Start, LaboratoryActions.Isolate, LaboratoryActions.Heal];

    /// <summary>Cut off on purpose: every link of the node is cut.</summary>
    public static bool IsCutOff(Topology topology, string node)
    {
        var links = topology.Links.Where(link => link.From == node || link.To == node).ToList();
        return links.Count > 0 && links.All(link => link.State != LinkStates.Up) && links.Any(link => link.State == LinkStates.Cut);
    }

    public static bool Applies(Topology topology, NodeView node, string action)
    {
        var stopped = node.Health == NodeHealths.Stopped;
        return action switch
        {
            LaboratoryActions.Stop => !stopped,
            LaboratoryActions.Start => stopped,
            LaboratoryActions.Isolate => !stopped && !IsCutOff(topology, node.Id),
            LaboratoryActions.Heal => !stopped && IsCutOff(topology, node.Id),
            _ => false,
        };
    }

    public static bool IsDangerous(string action) => action is LaboratoryActions.Stop or LaboratoryActions.Isolate;
}
