using System.Diagnostics;
using Quorate.Bench.Load;
using Quorate.Bench.Load.Clients;
using Quorate.Bench.Peers;

namespace Quorate.Bench.Measure;

/// <summary>One queue that grows long: filled, looked at, used at its full length, and emptied, through the gateway.</summary>
internal static class LongQueue
{
    public const int Batch = 500;
    private const string Queue = "long";
    private const int Clients = 8;
    private const int Looks = 50;
    private static readonly TimeSpan SingleCycles = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public static async Task<LongQueueFigures> MeasureAsync(QuorateCluster cluster, int messages, CancellationToken cancel)
    {
        var gateway = cluster.Gateway;
        await gateway.CreateQueueAsync(Queue, cancel);
        var empty = Memory.Look(cluster);

        var filled = Work(QueueWork.Enqueue);
        var depth = (await gateway.QueueAsync(Queue, cancel)).Ready;
        if (depth != messages)
        {
            throw new BenchException($"{messages} messages were enqueued, but the queue has {depth}");
        }

        var looks = new List<double>();
        for (var i = 0; i < Looks; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await gateway.QueueAsync(Queue, cancel);
            looks.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        var full = Memory.Look(cluster);
        LoadResult singles;
        using (var client = new QuorateQueueClient(gateway.EndPoint, Queue, batch: 1))
        {
            singles = EventLoop.Run([client], SingleCycles, cancel);
        }

        var emptied = Work(QueueWork.Consume);
        var rest = await gateway.QueueAsync(Queue, cancel);
        if (rest.Ready + rest.InFlight != 0 || rest.Counters.Acked != rest.Counters.Enqueued)
        {
            throw new BenchException($"the queue should be empty, but has {rest.Ready} ready and {rest.InFlight} in flight");
        }

        return new LongQueueFigures(
            depth, filled, emptied, Figures.Median(looks), Figures.Median(singles.CycleMs),
            empty, full, Memory.Look(cluster));

        double Work(QueueWork work)
        {
            var clients = Enumerable.Range(0, Clients).Select(_ => new QuorateQueueClient(gateway.EndPoint, Queue, Batch, work)).ToList();
            var load = EventLoop.Run(clients, Limit, cancel, most: messages);
            clients.ForEach(client => client.Dispose());
            return load.Done == messages ? load.PerSecond : throw new BenchException($"{load.Done} of {messages} messages in {Limit.TotalMinutes:0} minutes");
        }
    }
}

/// <param name="EnqueuedPerSecond">Messages in requests of <see cref="LongQueue.Batch"/>.</param>
/// <param name="ConsumedPerSecond">Taken and acked, in requests of as many.</param>
/// <param name="LookMs">Of asking for the depth while the queue is full.</param>
/// <param name="CycleMs">Of enqueuing, taking and acking one message while the queue is full, one client.</param>
internal sealed record LongQueueFigures(
    long Depth, double EnqueuedPerSecond, double ConsumedPerSecond, Figures LookMs, Figures CycleMs,
    IReadOnlyList<ProcessMemory> Empty, IReadOnlyList<ProcessMemory> Full, IReadOnlyList<ProcessMemory> After);
