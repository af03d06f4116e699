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
    private long _refused;

    public string Id => Options.Region;

    public ChangeCounter Changes { get; } = new(Cluster);

    /// <summary>Requests that replication must not take: a document that is too large, a region that is not there.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    public void CountRefused() => Interlocked.Increment(ref _refused);
}
