using Quorate.Bench.Load;

namespace Quorate.Bench.Peers;

/// <summary>A running system under measurement.</summary>
internal interface IPeer : IAsyncDisposable
{
    string Name { get; }

    /// <summary>The processes, those that hold a copy of the data first.</summary>
    IReadOnlyList<PeerProcess> Processes { get; }

    /// <summary>Starts everything and waits until it serves.</summary>
    Task StartAsync(CancellationToken cancel);

    /// <summary>Sends the request of the workload once, without h2load, and checks that it does what it says.</summary>
    /// <returns>Null, or why this peer cannot take this workload.</returns>
    Task<string?> ProveAsync(Workload workload, CancellationToken cancel);

    /// <summary>What h2load is to send now; the address can change with the leader.</summary>
    Task<LoadRequest> RequestAsync(Workload workload, CancellationToken cancel);

    /// <summary>How many times the key has been written, read linearizably; 0 when it does not exist.</summary>
    Task<long> VersionAsync(string key, CancellationToken cancel);

    /// <summary>Writes the 256-byte value to a key.</summary>
    Task PutAsync(string key, CancellationToken cancel);
}

/// <param name="HoldsData">Whether it is one node of the cluster; otherwise a gateway, or several nodes in one.</param>
internal sealed record PeerProcess(string Name, int Id, bool HoldsData);

/// <summary>A peer whose leader can be killed.</summary>
internal interface IFailoverPeer : IPeer
{
    Task<Leadership> LeaderAsync(CancellationToken cancel);

    /// <summary>Writers through the endpoints that remain when the node is gone. Each answers whether its write was acknowledged.</summary>
    IReadOnlyList<Func<CancellationToken, Task<bool>>> WritersWithout(string node);

    /// <summary>SIGKILL; returns when the process is gone.</summary>
    void Kill(string node);

    /// <summary>Starts the node again and waits until it has caught up.</summary>
    Task RestartAsync(string node, CancellationToken cancel);
}

internal readonly record struct Leadership(string Node, long Term);
