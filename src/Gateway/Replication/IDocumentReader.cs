using Quorate.Core.StateMachine;
using Quorate.Node.Access;

namespace Quorate.Gateway.Replication;

/// <summary>Where documents are read: the cluster, or what a follower has of it.</summary>
internal interface IDocumentReader
{
    /// <summary>The follower whose copy is read; null: the cluster itself.</summary>
    string? Follower { get; }

    Task<T> ReadAsync<T>(Func<ClusterState, T> query, CancellationToken cancel);
}

/// <summary>Reads that see every write acknowledged before.</summary>
internal sealed class ClusterDocuments(ClusterClient cluster) : IDocumentReader
{
    public string? Follower => null;

    public Task<T> ReadAsync<T>(Func<ClusterState, T> query, CancellationToken cancel) => cluster.ReadAsync(query, cancel);
}
