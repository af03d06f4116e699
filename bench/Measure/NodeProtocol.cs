using System.Diagnostics;
using System.Text;
using Quorate.Bench.Load;
using Quorate.Bench.Peers;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Kv;
using Quorate.Node.Access;

namespace Quorate.Bench.Measure;

/// <summary>Writes through the nodes' own client protocol, without HTTP and without the gateway: one connection, pipelined.</summary>
internal static class NodeProtocol
{
    private const int WarmUpOutstanding = 64;
    private static readonly byte[] Value = Encoding.UTF8.GetBytes($"\"{Workload.Value}\"");

    /// <summary>Measures with several numbers of writes under way at once.</summary>
    public static async Task<IReadOnlyList<NodeProtocolFigures>> MeasureAsync(
        QuorateCluster cluster, IReadOnlyList<int> outstanding, int rounds, int seconds, CancellationToken cancel)
    {
        await using var client = await cluster.DirectClientAsync(cancel);
        var results = new List<NodeProtocolFigures>();
        foreach (var count in outstanding)
        {
            await RunAsync(client, Math.Max(count, WarmUpOutstanding), seconds, cancel);
            var all = new List<(double PerSecond, double MeanMs)>();
            for (var round = 0; round < rounds; round++)
            {
                all.Add(await RunAsync(client, count, seconds, cancel));
            }

            results.Add(new NodeProtocolFigures(count, Figures.Median(all.Select(round => round.PerSecond)), Figures.Median(all.Select(round => round.MeanMs))));
        }

        return results;
    }

    private static async Task<(double PerSecond, double MeanMs)> RunAsync(ClusterClient client, int outstanding, int seconds, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        var end = started + (seconds * Stopwatch.Frequency);
        var counts = await Task.WhenAll(Enumerable.Range(0, outstanding).Select(_ => WriteUntilAsync(client, end, cancel)));
        var elapsed = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var writes = counts.Sum();
        return (writes / elapsed, elapsed * 1000 * outstanding / writes);
    }

    private static async Task<long> WriteUntilAsync(ClusterClient client, long end, CancellationToken cancel)
    {
        long count = 0;
        while (Stopwatch.GetTimestamp() < end)
        {
            var result = await client.ExecuteAsync(new KvPut(Workload.Key, null, null, Value), WriteOptions.None, cancel);
            count += result is CommandResult.KvWritten ? 1 : throw new BenchException($"a write was answered {result}");
        }

        return count;
    }
}

/// <param name="Outstanding">Writes under way at once.</param>
internal sealed record NodeProtocolFigures(int Outstanding, Figures PerSecond, Figures MeanMs);
