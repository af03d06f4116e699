using System.Diagnostics;
using Quorate.Bench.Peers;

namespace Quorate.Bench.Measure;

/// <summary>
/// How fast documents that are written to one of two systems arrive at the other: while they are written, after the link was down, and one by
/// one. A document has arrived when it is durable there and can be read.
/// </summary>
internal sealed class Replication(IReplicaPair pair, int connections, int documents)
{
    private const int Batch = 100;
    private const int Singles = 200;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    /// <summary>At a light load a document is written this often.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);

    private int _rounds;

    /// <summary>Writes documents in batches as fast as they are taken, and waits until the last has arrived.</summary>
    public Task<StreamRound> StreamAsync(CancellationToken cancel) => RoundAsync(async (round, requests) =>
    {
        var (started, cpu) = (Stopwatch.GetTimestamp(), CpuMicroseconds());
        await WriteAsync(requests, cancel);
        var written = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await AwaitArrivalAsync(round, documents, cancel);
        var arrived = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return new StreamRound(documents / arrived, documents / written, [.. CpuMicroseconds().Zip(cpu, (after, before) => (after - before) / documents)]);
    }, cancel);

    /// <summary>Writes as many documents while the link is down, and measures from when it is up again until the last has arrived.</summary>
    public Task<CatchUpRound> CatchUpAsync(CancellationToken cancel) => RoundAsync(async (round, requests) =>
    {
        pair.Link.Cut();
        await WriteAsync(requests, cancel);
        if (await pair.ArrivedAsync(round, cancel) is > 0 and var arrived)
        {
            throw new BenchException($"{arrived} documents have arrived although the link is cut");
        }

        pair.Link.Heal();
        var started = Stopwatch.GetTimestamp();
        await AwaitArrivalAsync(round, 1, cancel);
        var first = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await AwaitArrivalAsync(round, documents, cancel);
        return new CatchUpRound(Stopwatch.GetElapsedTime(started).TotalSeconds, first);
    }, cancel);

    /// <summary>Milliseconds from the moment a document is sent until it can be read on the other side, one document at a time.</summary>
    public async Task<IReadOnlyList<double>> DelaysAsync(CancellationToken cancel)
    {
        var round = Name();
        await pair.BeginAsync(round, cancel);
        var delays = new List<double>();
        for (var number = 0; number < Singles; number++)
        {
            var request = pair.Prepare(round, number, 1);
            await Task.Delay(Pace, cancel);
            var started = Stopwatch.GetTimestamp();
            await pair.WriteAsync(0, request, 1, cancel);
            while (!await pair.HasArrivedAsync(round, number, cancel))
            {
                EnsureInTime(started, $"document {number} of {round} has arrived");
            }

            delays.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        await EndAsync(round, Singles, cancel);
        return delays;
    }

    private async Task<T> RoundAsync<T>(Func<string, IReadOnlyList<byte[]>, Task<T>> measure, CancellationToken cancel)
    {
        var round = Name();
        await pair.BeginAsync(round, cancel);
        var requests = Enumerable.Range(0, documents / Batch).Select(batch => pair.Prepare(round, batch * Batch, Batch)).ToList();
        var result = await measure(round, requests);
        await EndAsync(round, documents, cancel);
        return result;
    }

    private async Task EndAsync(string round, int count, CancellationToken cancel)
    {
        if (await pair.WhyUnequalAsync(round, count, cancel) is { } reason)
        {
            throw new BenchException($"{pair.Name}: {reason}");
        }

        await pair.EndAsync(round, cancel);
    }

    private string Name() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"round{++_rounds}");

    private Task WriteAsync(IReadOnlyList<byte[]> requests, CancellationToken cancel)
    {
        var next = -1;
        return Task.WhenAll(Enumerable.Range(0, connections).Select(async connection =>
        {
            for (var i = Interlocked.Increment(ref next); i < requests.Count; i = Interlocked.Increment(ref next))
            {
                await pair.WriteAsync(connection, requests[i], Batch, cancel);
            }
        }));
    }

    private async Task AwaitArrivalAsync(string round, int count, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        while (await pair.ArrivedAsync(round, cancel) < count)
        {
            EnsureInTime(started, $"{count} documents of {round} have arrived");
            await Task.Delay(Poll, cancel);
        }
    }

    private void EnsureInTime(long started, string what)
    {
        if (Stopwatch.GetElapsedTime(started) > Limit)
        {
            throw new BenchException($"{pair.Name}: after {Limit.TotalSeconds:0} s still not so: {what}");
        }
    }

    /// <summary>Processor time of each process so far.</summary>
    private List<double> CpuMicroseconds() => [.. pair.Processes.Select(process =>
    {
        using var handle = Process.GetProcessById(process.Id);
        return handle.TotalProcessorTime.TotalMicroseconds;
    })];
}

/// <param name="ArrivedPerSecond">From the first write until the last document has arrived.</param>
/// <param name="WrittenPerSecond">From the first write until the last was acknowledged where it was written.</param>
/// <param name="CpuMicroseconds">Processor time per document of each process.</param>
internal sealed record StreamRound(double ArrivedPerSecond, double WrittenPerSecond, IReadOnlyList<double> CpuMicroseconds);

/// <param name="Seconds">From when the link was up again until the last document has arrived.</param>
/// <param name="FirstSeconds">Until the first has.</param>
internal sealed record CatchUpRound(double Seconds, double FirstSeconds);
