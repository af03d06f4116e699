using Quorate.Bench.Load;
using Quorate.Bench.Peers;

namespace Quorate.Bench.Measure;

/// <summary>Rounds of h2load, the peers taking turns.</summary>
internal sealed class Throughput(IReadOnlyList<IPeer> peers, int rounds, int seconds)
{
    /// <summary>A single connection takes too long to make a runtime compile what is used often.</summary>
    private const int WarmUpConnections = 64;

    /// <summary>Measures one workload at one number of connections: a warm-up of each peer, then rounds in which another one begins each time.</summary>
    public async Task<IReadOnlyDictionary<IPeer, Rounds>> MeasureAsync(Workload workload, int connections, CancellationToken cancel)
    {
        var results = peers.ToDictionary(peer => peer, _ => new List<Round>());
        foreach (var peer in peers)
        {
            await H2Load.RunAsync(await peer.RequestAsync(workload, cancel), Math.Max(connections, WarmUpConnections), 2 * seconds, cancel);
        }

        for (var round = 0; round < rounds; round++)
        {
            for (var turn = 0; turn < peers.Count; turn++)
            {
                var peer = peers[(round + turn) % peers.Count];
                results[peer].Add(await RunAsync(peer, workload, connections, cancel));
            }
        }

        return results.ToDictionary(result => result.Key, result => new Rounds(result.Value));
    }

    private async Task<Round> RunAsync(IPeer peer, Workload workload, int connections, CancellationToken cancel)
    {
        var before = await CountAsync(peer, workload, cancel);
        var load = await H2Load.RunAsync(await peer.RequestAsync(workload, cancel), connections, seconds, cancel);
        var grown = await CountAsync(peer, workload, cancel) - before;
        return new Round(load.RequestsPerSecond * workload.Operations, load.MeanMs, WhyInvalid(workload, connections, load, grown));
    }

    private static async Task<long> CountAsync(IPeer peer, Workload workload, CancellationToken cancel) =>
        workload.CountedKey is { } key ? await peer.VersionAsync(key, cancel) : 0;

    /// <summary>h2load sees HTTP only. Whether the work was really done is told by the key's version, or by the bytes that came back.</summary>
    /// <param name="grown">Writes that the counted key has seen meanwhile.</param>
    private static string? WhyInvalid(Workload workload, int connections, H2LoadResult load, long grown)
    {
        if (load.Succeeded == 0 || load.Bad > 0)
        {
            return $"{load.Bad} requests failed, {load.Succeeded} succeeded";
        }

        if (load.BodyBytes < load.Succeeded * workload.LeastResponseBytes)
        {
            return $"{load.Succeeded} answers brought only {load.BodyBytes} bytes";
        }

        // Requests that were cut off at the end of this or the previous run may have been carried out all the same.
        return workload.CountedKey is not null && (grown < load.Succeeded || grown > load.Started + Math.Max(connections, WarmUpConnections))
            ? $"{load.Succeeded} of {load.Started} requests succeeded, but the key was written {grown} times"
            : null;
    }
}

/// <param name="Invalid">Why the figures do not count; null when they do.</param>
internal readonly record struct Round(double PerSecond, double MeanMs, string? Invalid);

internal sealed record Rounds(IReadOnlyList<Round> All)
{
    public string? Invalid => All.Select(round => round.Invalid).FirstOrDefault(reason => reason is not null);

    public Figures PerSecond => Figures.Median(All.Select(round => round.PerSecond), Invalid);

    public Figures MeanMs => Figures.Median(All.Select(round => round.MeanMs), Invalid);
}
