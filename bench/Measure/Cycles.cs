using Quorate.Bench.Load;

namespace Quorate.Bench.Measure;

/// <summary>Somebody who takes part: how its clients run, and what proves their work.</summary>
/// <param name="RunAsync">Lets so many clients repeat their cycle for so long.</param>
/// <param name="WhyInvalidAsync">Looks at the server after a run in which so much was done; null when all is as it must be.</param>
internal sealed record Contender(
    string Name,
    Func<int, TimeSpan, CancellationToken, Task<LoadResult>> RunAsync,
    Func<long, CancellationToken, Task<string?>> WhyInvalidAsync)
{
    /// <summary>Clients with a connection each; the generator is an <see cref="EventLoop"/>.</summary>
    /// <param name="connectAsync">Connects so many clients, each ready to begin.</param>
    public static Contender OfConnections(
        string name, Func<int, CancellationToken, Task<IReadOnlyList<LoadClient>>> connectAsync, Func<long, CancellationToken, Task<string?>> whyInvalidAsync)
    {
        return new Contender(name, RunAsync, whyInvalidAsync);

        async Task<LoadResult> RunAsync(int connections, TimeSpan duration, CancellationToken cancel)
        {
            var clients = await connectAsync(connections, cancel);
            try
            {
                return EventLoop.Run(clients, duration, cancel);
            }
            finally
            {
                foreach (var client in clients)
                {
                    client.Dispose();
                }
            }
        }
    }
}

/// <summary>Rounds of clients that repeat a cycle of requests, the contenders taking turns.</summary>
internal sealed class Cycles(IReadOnlyList<Contender> contenders, int rounds, int seconds)
{
    /// <summary>A single connection takes too long to make a runtime compile what is used often.</summary>
    private const int WarmUpConnections = 64;

    public async Task<IReadOnlyDictionary<string, CycleFigures>> MeasureAsync(int connections, CancellationToken cancel)
    {
        var results = contenders.ToDictionary(contender => contender.Name, _ => new List<(LoadResult Load, string? Invalid)>());
        foreach (var contender in contenders)
        {
            await RunAsync(contender, Math.Max(connections, WarmUpConnections), 2 * seconds, cancel);
        }

        for (var round = 0; round < rounds; round++)
        {
            for (var turn = 0; turn < contenders.Count; turn++)
            {
                var contender = contenders[(round + turn) % contenders.Count];
                results[contender.Name].Add(await RunAsync(contender, connections, seconds, cancel));
            }
        }

        return results.ToDictionary(result => result.Key, result => CycleFigures.Of(result.Value));
    }

    private static async Task<(LoadResult Load, string? Invalid)> RunAsync(Contender contender, int connections, int seconds, CancellationToken cancel)
    {
        var load = await contender.RunAsync(connections, TimeSpan.FromSeconds(seconds), cancel);
        return (load, load.PerSecond > 0 ? await contender.WhyInvalidAsync(load.Done, cancel) : "nothing was done");
    }
}

/// <param name="PerSecond">Pairs or messages.</param>
/// <param name="MedianMs">Of a cycle, round by round.</param>
/// <param name="P95Ms">The same for the 95th percentile.</param>
internal sealed record CycleFigures(Figures PerSecond, Figures MedianMs, Figures P95Ms)
{
    public static CycleFigures Of(IReadOnlyList<(LoadResult Load, string? Invalid)> rounds)
    {
        var invalid = rounds.Select(round => round.Invalid).FirstOrDefault(reason => reason is not null);
        return new CycleFigures(
            Figures.Median(rounds.Select(round => round.Load.PerSecond), invalid), Percentiles(0.5), Percentiles(0.95));

        Figures Percentiles(double share) => Figures.Median(
            rounds.Where(round => round.Load.CycleMs.Count > 0).Select(round => Figures.Median(round.Load.CycleMs).Percentile(share)), invalid);
    }
}
