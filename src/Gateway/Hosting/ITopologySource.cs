using Quorate.Contracts.Cluster;

namespace Quorate.Gateway.Hosting;

/// <summary>Where the cluster endpoints and the live feed get the picture of the nodes from.</summary>
public interface ITopologySource
{
    /// <summary>The cluster as seen a moment ago. Cheap: answered from memory.</summary>
    Topology Current { get; }

    /// <summary>What each node says of itself, one entry per known node, in order of id.</summary>
    IReadOnlyList<NodeBelief> Beliefs();
}
