namespace Quorate.Bench.Peers;

/// <summary>Two systems of which one gets the documents that are written to the other, over a link that can be cut. Both keep them durably.</summary>
internal interface IReplicaPair : IAsyncDisposable
{
    string Name { get; }

    /// <summary>Writes come here, and arrive there.</summary>
    IReadOnlyList<PeerProcess> Processes { get; }

    /// <summary>The link between the two.</summary>
    Relay Link { get; }

    /// <summary>Starts everything and waits until changes flow.</summary>
    Task StartAsync(CancellationToken cancel);

    /// <summary>Makes room for the documents of a round, on both sides.</summary>
    Task BeginAsync(string round, CancellationToken cancel);

    /// <summary>The request that writes documents <paramref name="first"/> and following.</summary>
    byte[] Prepare(string round, int first, int count);

    /// <summary>Sends one request on one of several connections; returns when all its documents are durable here.</summary>
    /// <exception cref="BenchException">One of them was refused.</exception>
    Task WriteAsync(int connection, byte[] request, int count, CancellationToken cancel);

    /// <summary>How many documents of the round are durable there.</summary>
    Task<long> ArrivedAsync(string round, CancellationToken cancel);

    /// <summary>Whether a document can be read there.</summary>
    Task<bool> HasArrivedAsync(string round, int number, CancellationToken cancel);

    /// <summary>Compares the documents of both sides with each other and a sample with what was written.</summary>
    /// <returns>Null: they are equal.</returns>
    Task<string?> WhyUnequalAsync(string round, int count, CancellationToken cancel);

    /// <summary>Removes the documents of a round on both sides.</summary>
    Task EndAsync(string round, CancellationToken cancel);
}
