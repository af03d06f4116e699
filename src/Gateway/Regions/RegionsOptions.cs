using System.Net;
using Quorate.Core.Replication.Regions;
using Quorate.Gateway.Hosting;
using Quorate.Node.Transport;

namespace Quorate.Gateway.Regions;

/// <summary>Which regions there are, and which of them this process serves: the section <c>Regions</c> of the configuration.</summary>
/// <param name="All">Ids of all regions, in the order of the configuration. One, when nothing is configured: there are no regions then.</param>
/// <param name="Served">Those whose clusters are reached through this process. The first is meant where a request names none.</param>
/// <param name="Coordinator">The region whose cluster passes changes on.</param>
/// <param name="NodesPerRegion">Nodes of each region inside this process.</param>
/// <param name="Listen">Where this region's link listens for the others; null with all regions in this process.</param>
/// <param name="Peers">Where the links of the others listen, by region.</param>
/// <param name="Secret">Shared by all regions; null: nobody has to prove anything, which is only for loopback.</param>
public sealed record RegionsOptions(
    IReadOnlyList<string> All,
    IReadOnlyList<string> Served,
    string Coordinator,
    int NodesPerRegion,
    IPEndPoint? Listen,
    IReadOnlyDictionary<string, Uri> Peers,
    string? Secret,
    TlsOptions? Tls,
    RegionLimits Limits)
{
    /// <summary>Nobody exchanges changes with anybody.</summary>
    public bool AreOff => All.Count == 1;

    /// <summary>Whether all of them run in this process.</summary>
    public bool AreEmbedded => Served.Count > 1;

    /// <summary>What a region's cluster is to know.</summary>
    public RegionSettings SettingsOf(string region) => new(
        region,
        All,
        Coordinator,
        Limits.ClockBudgetMs,
        Limits.MaxDocumentBytes,
        Limits.BrakeShare,
        Limits.BrakeMinimum,
        Limits.MaxOutbox);

    /// <summary>The cluster of one of the <see cref="Served"/> regions.</summary>
    /// <param name="configured">As the section <c>Cluster</c> says.</param>
    public ClusterOptions ClusterOf(string region, ClusterOptions configured) => AreEmbedded
        ? configured with
        {
            Region = region,
            DataDirectory = Path.Combine(configured.DataDirectory, region),
            EmbeddedNodes = NodesPerRegion,
            Followers = region == Served[0] ? configured.Followers : [],
        }
        : configured with { Region = region };
}

/// <summary>What a region takes from others, and how much it keeps for them.</summary>
/// <param name="ClockBudgetMs"><c>Regions:ClockBudgetMs</c>: a change from further in the future is refused; 100 to 3,600,000 milliseconds. Default 10,000.</param>
/// <param name="BrakeShare"><c>Regions:BrakeShare</c>: of a collection's documents, which may be deleted within a minute. Above 0, at most 1. Default 0.5.</param>
/// <param name="BrakeMinimum"><c>Regions:BrakeMinimum</c>: deletions let through in any case; 1 to 1,000,000. Default 100.</param>
/// <param name="MaxOutbox"><c>Regions:MaxOutbox</c>: changes that may wait to be sent; 1,000 to 10,000,000. Default 1,000,000.</param>
/// <param name="MaxDocumentBytes">The largest value that is taken in.</param>
public sealed record RegionLimits(
    int ClockBudgetMs = 10_000, double BrakeShare = 0.5, int BrakeMinimum = 100, int MaxOutbox = 1_000_000, int MaxDocumentBytes = 1 << 20);
