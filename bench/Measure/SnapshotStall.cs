using System.Diagnostics;
using System.Globalization;
using Quorate.Bench.Peers;
using Quorate.Core.Raft;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Kv;
using Quorate.Node.Access;
using Quorate.Node.Hosting;

namespace Quorate.Bench.Measure;

/// <summary>
/// What writes feel of a snapshot of a large state: their latency, started at a fixed pace, while all nodes write one and while none
/// does. Snapshots are what the nodes decide for themselves, by default every 50,000 entries.
/// </summary>
internal static class SnapshotStall
{
    private const int BatchSize = 1000;
    private const int BatchesUnderWay = 4;
    private const int WritesUnderWay = 256;

    /// <summary>A write is started every two milliseconds, whether or not earlier ones have been answered.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(2);

    /// <summary>Entries at the usual pace before the one that makes the snapshot due, so that the rush before it has passed.</summary>
    private const int CalmEntries = 1000;

    private static readonly TimeSpan SnapshotLimit = TimeSpan.FromMinutes(2);
    private static readonly int EntriesPerSnapshot = new SnapshotPolicy().EveryEntries;

    /// <param name="rounds">Snapshots to look at.</param>
    public static async Task<SnapshotStallFigures> MeasureAsync(QuorateCluster cluster, int keys, int rounds, TimeSpan quiet, CancellationToken cancel)
    {
        await using var client = await cluster.DirectClientAsync(cancel);
        await FillAsync(client, keys, cancel);
        var before = new List<double>();
        var during = new List<double>();
        var lasted = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            await SettleAsync(client, cancel);
            before.AddRange(await PacedAsync(client, until: started => Stopwatch.GetElapsedTime(started) > quiet, cancel));

            var snapshots = Snapshots(client);
            var due = snapshots.Min() + EntriesPerSnapshot;
            await ApproachAsync(client, due - CalmEntries, cancel);
            await PacedAsync(client, until: _ => client.AppliedIndex.Value >= due, cancel);
            var begun = Stopwatch.GetTimestamp();
            during.AddRange(await PacedAsync(client, until: _ => Snapshots(client).Zip(snapshots).All(pair => pair.First > pair.Second), cancel));
            lasted.Add(Stopwatch.GetElapsedTime(begun).TotalSeconds);
        }

        return new SnapshotStallFigures(keys, Figures.Median(before), Figures.Median(during), Figures.Median(lasted));
    }

    private static long[] Snapshots(ClusterClient client) => [.. client.Links.Select(link => link.Status?.SnapshotIndex.Value ?? 0)];

    private static Task FillAsync(ClusterClient client, int keys, CancellationToken cancel)
    {
        var value = "\"a value of some length\""u8.ToArray();
        return ForAllAsync(keys / BatchSize, BatchesUnderWay, async batch =>
        {
            Command[] puts = [.. Enumerable.Range(batch * BatchSize, BatchSize).Select(key => new KvPut(Key(key), null, null, value))];
            if (await client.ExecuteAsync(new Batch(puts), WriteOptions.None, cancel) is not CommandResult.Batched)
            {
                throw new BenchException("a batch was refused");
            }
        });
    }

    // No snapshot has been finished for so long that none is being written either.
    private static async Task SettleAsync(ClusterClient client, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        var (known, since) = (Snapshots(client), Stopwatch.GetTimestamp());
        while (Stopwatch.GetElapsedTime(since) < TimeSpan.FromSeconds(10))
        {
            await Task.Delay(100, cancel);
            var now = Snapshots(client);
            if (!now.SequenceEqual(known))
            {
                (known, since) = (now, Stopwatch.GetTimestamp());
            }

            if (Stopwatch.GetElapsedTime(started) > SnapshotLimit)
            {
                throw new BenchException("the nodes take snapshots without end");
            }
        }
    }

    /// <summary>Writes at full speed until the log ends at <paramref name="index"/>, where snapshots begin.</summary>
    private static async Task ApproachAsync(ClusterClient client, long index, CancellationToken cancel)
    {
        var missing = (int)Math.Max(0, index - client.AppliedIndex.Value);
        await ForAllAsync(missing, WritesUnderWay, _ => WriteAsync(client, cancel));
    }

    private static async Task<IReadOnlyList<double>> PacedAsync(ClusterClient client, Func<long, bool> until, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        var writes = new List<Task<double>>();
        using var timer = new PeriodicTimer(Pace);
        while (!until(started))
        {
            await timer.WaitForNextTickAsync(cancel);
            writes.Add(TimedAsync(client, cancel));
            if (Stopwatch.GetElapsedTime(started) > SnapshotLimit)
            {
                throw new BenchException("no snapshot came");
            }
        }

        return await Task.WhenAll(writes);
    }

    private static async Task<double> TimedAsync(ClusterClient client, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        await WriteAsync(client, cancel);
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static async Task WriteAsync(ClusterClient client, CancellationToken cancel)
    {
        if (await client.ExecuteAsync(new KvPut("paced", null, null, "1"u8.ToArray()), WriteOptions.None, cancel) is not CommandResult.KvWritten)
        {
            throw new BenchException("a write was refused");
        }
    }

    private static Task ForAllAsync(int count, int atOnce, Func<int, Task> act)
    {
        var next = -1;
        return Task.WhenAll(Enumerable.Range(0, atOnce).Select(async _ =>
        {
            for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
            {
                await act(i);
            }
        }));
    }

    private static string Key(int number) => string.Create(CultureInfo.InvariantCulture, $"snapshot/{number:0000000}");
}

/// <param name="Before">Latencies in milliseconds of all writes while no snapshot was written.</param>
/// <param name="During">The same while the nodes wrote one.</param>
/// <param name="Seconds">From the entry that made a snapshot due until all nodes had it.</param>
internal sealed record SnapshotStallFigures(int Keys, Figures Before, Figures During, Figures Seconds);
