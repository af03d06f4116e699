using Quorate.Core.StateMachine;
using Quorate.Gateway.Problems;
using Quorate.Gateway.Regions;
using Quorate.Node.Access;

namespace Quorate.Gateway.Replication;

/// <summary>Where documents are read: the cluster, or what a follower has of it.</summary>
internal interface IDocumentReader
{
    /// <summary>The follower whose copy is read; null: the cluster itself.</summary>
    string? Follower { get; }

    Task<T> ReadAsync<T>(Func<ClusterState, T> query, CancellationToken cancel);
}

/// <summary>Whose documents there are to read.</summary>
internal interface IDocumentReaders
{
    /// <param name="region">Null: the one that is meant where a request names none.</param>
    /// <exception cref="UnknownRegionException">It is not served here.</exception>
    IDocumentReader Find(string? region);
}

/// <summary>The clusters of the regions.</summary>
internal sealed class RegionDocuments(RegionSet regions) : IDocumentReaders
{
    private readonly Dictionary<string, ClusterDocuments> _readers =
        regions.Served.ToDictionary(region => region.Id, region => new ClusterDocuments(region.Cluster), StringComparer.Ordinal);

    public IDocumentReader Find(string? region) => _readers[regions.Require(region).Id];
}

/// <summary>Reads that see every write acknowledged before.</summary>
internal sealed class ClusterDocuments(ClusterClient cluster) : IDocumentReader
{
    public string? Follower => null;

    public Task<T> ReadAsync<T>(Func<ClusterState, T> query, CancellationToken cancel) => cluster.ReadAsync(query, cancel);
}
