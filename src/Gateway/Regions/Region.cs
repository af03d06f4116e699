using Quorate.Gateway.AllInOne;
using Quorate.Gateway.Hosting;
using Quorate.Gateway.Replication;
using Quorate.Node.Access;

namespace Quorate.Gateway.Regions;

/// <summary>A region whose cluster is reached through this process.</summary>
/// <param name="Options">Of its cluster.</param>
/// <param name="Embedded">Its nodes; null when they run elsewhere.</param>
public sealed record Region(ClusterOptions Options, ClusterClient Cluster, EmbeddedCluster? Embedded)
{
    public string Id => Options.Region;

    public ChangeCounter Changes { get; } = new(Cluster);
}
