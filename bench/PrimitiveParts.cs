using System.Globalization;
using System.Net;
using Quorate.Bench.Load;
using Quorate.Bench.Load.Clients;
using Quorate.Bench.Measure;
using Quorate.Bench.Peers;
using Quorate.Bench.Report;

namespace Quorate.Bench;

/// <summary>Locks beside etcd, queues beside RabbitMQ, and a queue of a million messages.</summary>
internal sealed class PrimitiveParts(QuorateCluster cluster, AllInOne allInOne, BenchOptions options)
{
    private const string Queue = "bench";
    private const string EmbeddedText =
        "Embedded client: the same by callers within one .NET process that share a `ClusterClient`, which speaks the nodes' own protocol without gateway and HTTP, on one connection to each node. That process is the generator as well, and applies the cluster's log as a gateway does.";

    private const int Batch = 100;
    private static readonly int[] Connections = [1, 64];
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    public async Task<Section> LocksAsync(EtcdCluster etcd, CancellationToken cancel)
    {
        var rows = new List<Comparison>();
        var details = new List<IReadOnlyList<string>>();
        var embedded = new EmbeddedClient(cluster);
        foreach (var connections in Connections)
        {
            var results = await MeasureAsync(
                [
                    Contender.OfConnections(etcd.Name, EtcdLocksAsync, NoDoubt),
                    QuorateLocks(cluster.Name, cluster.Gateway),
                    QuorateLocks(allInOne.Name, allInOne.Gateway),
                    new Contender(EmbeddedClient.Name, embedded.RunLocksAsync, NoDoubt),
                ],
                "pairs/s", connections, details, cancel);
            foreach (var ours in (string[])[cluster.Name, allInOne.Name, EmbeddedClient.Name])
            {
                var what = $"Lock acquired and released, {Clients(connections)}";
                rows.Add(new Comparison(what, ours, "pairs/s", results[etcd.Name].PerSecond, results[ours].PerSecond, false, ours == allInOne.Name ? null : Targets.Locks));
                rows.Add(new Comparison($"{what}, median", ours, "ms", results[etcd.Name].MedianMs, results[ours].MedianMs, true, null));
                rows.Add(new Comparison($"{what}, p95", ours, "ms", results[etcd.Name].P95Ms, results[ours].P95Ms, true, null));
            }
        }

        return new Section(
            "Locks",
            rows,
            [
                "A pair is two requests, one after the other, of a client with a lock of its own. Quorate: acquire with a time to live, release with the fencing token. etcd: a transaction that creates a key under the client's lease if it does not exist, and deletes it; the lease is granted once per client, before the clock starts. Every answer is checked: the lock was free, and is free again.",
                EmbeddedText,
                $"For reference, an earlier system for the same purpose stated {Reference.LockP95Ms} ms for the 95th percentile of a lock and {Reference.OperationsPerSecond} operations/s of consensus, both on one machine.",
            ],
            Details(details));

        async Task<IReadOnlyList<LoadClient>> EtcdLocksAsync(int connections, CancellationToken cancel)
        {
            var leader = await etcd.LeaderApiAsync(cancel);
            var clients = new List<LoadClient>();
            for (var i = 0; i < connections; i++)
            {
                clients.Add(new EtcdLockClient(IPEndPoint.Parse(leader.Address.Authority), i, await leader.GrantLeaseAsync(Lease, cancel)));
            }

            return clients;
        }
    }

    public async Task<Section> QueuesAsync(RabbitCluster rabbit, CancellationToken cancel)
    {
        await rabbit.DeclareAsync(Queue, cancel);
        foreach (var gateway in (GatewayProcess[])[cluster.Gateway, allInOne.Gateway])
        {
            await gateway.CreateQueueAsync(Queue, cancel);
        }

        var embedded = new EmbeddedClient(cluster);
        var rows = new List<Comparison>();
        var details = new List<IReadOnlyList<string>>();
        foreach (var connections in Connections)
        {
            var singles = await MeasureQueueAsync(
                "messages/s", 1, gateway => new QuorateWorkerClient(gateway.EndPoint, Queue), connections,
                QuorateQueue(EmbeddedClient.Name, cluster.Gateway, (callers, duration, cancel) => embedded.RunQueueAsync(Queue, callers, duration, cancel)));
            var requests = await MeasureQueueAsync("messages/s, three requests", 1, gateway => new QuorateQueueClient(gateway.EndPoint, Queue, 1), connections);
            var batches = await MeasureQueueAsync("messages/s in batches", Batch, gateway => new QuorateQueueClient(gateway.EndPoint, Queue, Batch), connections);
            foreach (var ours in (string[])[cluster.Name, allInOne.Name, EmbeddedClient.Name])
            {
                double? target = ours == allInOne.Name ? null : Targets.Queue;
                var what = $"Message enqueued, taken and acked, {Clients(connections)}";
                rows.Add(Row($"{what}, one by one", "messages/s", singles[rabbit.Name].PerSecond, singles[ours].PerSecond, false, target));
                rows.Add(Row($"{what}, median", "ms", singles[rabbit.Name].MedianMs, singles[ours].MedianMs, true, null));
                rows.Add(Row($"{what}, p95", "ms", singles[rabbit.Name].P95Ms, singles[ours].P95Ms, true, null));
                if (ours == EmbeddedClient.Name)
                {
                    continue;
                }

                rows.Add(Row($"{what}, three requests", "messages/s", requests[rabbit.Name].PerSecond, requests[ours].PerSecond, false, null));
                rows.Add(Row($"Messages in batches of {Batch}, {Clients(connections)}", "messages/s", batches[rabbit.Name].PerSecond, batches[ours].PerSecond, false, target));

                Comparison Row(string text, string unit, Figures theirs, Figures figures, bool lower, double? least) =>
                    new(text, ours, unit, theirs, figures, lower, least) { Peer = rabbit.Name };
            }
        }

        return new Section(
            "Queues",
            rows,
            [
                $"{rabbit.Version}, one durable quorum queue with a member on each of three nodes, asked at its leader; one queue in Quorate as well. {QueuePayload.Bytes} bytes per message.",
                "One by one: a client enqueues a message and waits until it is durable, takes one and acks it. RabbitMQ pushes messages, and its client sends an ack with the next message without waiting for it. Quorate's client does the same in one request to `/batch` for each message: ack the one before, enqueue one, take one. With three requests it waits three times: enqueue, take, ack.",
                EmbeddedText,
                $"In batches: Quorate takes {Batch} messages per request, three requests one after the other; RabbitMQ, which has no batches, gets {Batch} messages on their way per connection, with confirms and deliveries streaming and acks together.",
                $"For reference, an earlier system for the same purpose stated {Numbers.Show(Reference.MessagesPerSecond)} messages/s of its queue on one machine, and a hit rate of {Reference.CacheHitRatePercent} % of its cache, which depends on what is asked for and is not compared.",
            ],
            Details(details));

        Task<IReadOnlyDictionary<string, CycleFigures>> MeasureQueueAsync(
            string unit, int batch, Func<GatewayProcess, LoadClient> connect, int connections, params Contender[] others) => MeasureAsync(
            [RabbitQueue(rabbit, batch), QuorateQueue(cluster.Name, cluster.Gateway, connect), QuorateQueue(allInOne.Name, allInOne.Gateway, connect), .. others],
            unit, connections, details, cancel);
    }

    /// <summary>On a cluster of its own.</summary>
    public static async Task<Section> LongQueueAsync(QuorateCluster own, BenchOptions options, CancellationToken cancel)
    {
        var messages = options.Quick ? 100_000 : 1_000_000;
        var figures = await LongQueue.MeasureAsync(own, messages, cancel);
        return new Section(
            "A long queue",
            [],
            [$"{Numbers.Show(messages)} messages of {QueuePayload.Bytes} bytes, through the gateway, {LongQueue.Batch} per request. One message enqueued, taken and acked by one client while so many wait: median {Numbers.Show(figures.CycleMs.Typical)} ms, 95th percentile {Numbers.Show(figures.CycleMs.Percentile(0.95))} ms. The depth is told in {Numbers.Show(figures.LookMs.Typical)} ms (median)."],
            new Table(
                ["", "Messages/s", .. figures.Empty.Select(process => $"{process.Name}, resident MB")],
                [
                    ["before", "", .. Memory(figures.Empty)],
                    [$"filled to {Numbers.Show(figures.Depth)}", Numbers.Show(figures.EnqueuedPerSecond), .. Memory(figures.Full)],
                    ["emptied and acked", Numbers.Show(figures.ConsumedPerSecond), .. Memory(figures.After)],
                ]));

        static IEnumerable<string> Memory(IEnumerable<ProcessMemory> processes) => processes.Select(process => Numbers.Show(process.ResidentMb));
    }

    private async Task<IReadOnlyDictionary<string, CycleFigures>> MeasureAsync(
        IReadOnlyList<Contender> contenders, string unit, int connections, List<IReadOnlyList<string>> details, CancellationToken cancel)
    {
        Progress.Say($"  {unit}, {Clients(connections)}");
        var results = await new Cycles(contenders, options.Rounds, options.Seconds).MeasureAsync(connections, cancel);
        foreach (var (name, figures) in results)
        {
            Progress.Say($"    {name}: {Numbers.Show(figures.PerSecond.Typical)}{(figures.PerSecond.Invalid is { } invalid ? $", invalid: {invalid}" : "")}");
            details.Add(
            [
                Numbers.Show(connections), name, unit, string.Join(", ", figures.PerSecond.Values.Select(Numbers.Show)),
                Numbers.ShowWithRange(figures.MedianMs), Numbers.ShowWithRange(figures.P95Ms),
            ]);
        }

        return results;
    }

    private static Contender QuorateLocks(string name, GatewayProcess gateway) => Contender.OfConnections(
        name, (connections, _) => Connect(connections, i => new QuorateLockClient(gateway.EndPoint, i)), NoDoubt);

    private static Contender QuorateQueue(string name, GatewayProcess gateway, Func<GatewayProcess, LoadClient> connect) => QuorateQueue(
        name, gateway, Contender.OfConnections(name, (connections, _) => Connect(connections, _ => connect(gateway)), NoDoubt).RunAsync);

    private static Contender QuorateQueue(string name, GatewayProcess gateway, Func<int, TimeSpan, CancellationToken, Task<LoadResult>> runAsync)
    {
        long acked = 0;
        return new Contender(name, RunAsync, WhyInvalidAsync);

        async Task<LoadResult> RunAsync(int connections, TimeSpan duration, CancellationToken cancel)
        {
            acked = (await gateway.QueueAsync(Queue, cancel)).Counters.Acked;
            return await runAsync(connections, duration, cancel);
        }

        async Task<string?> WhyInvalidAsync(long done, CancellationToken cancel)
        {
            var queue = await gateway.QueueAsync(Queue, cancel);
            return queue.Counters.Acked - acked == done && queue.Ready + queue.InFlight == 0
                ? null
                : $"{done} messages were acked, but the queue counts {queue.Counters.Acked - acked} and has {queue.Ready + queue.InFlight} left";
        }
    }

    private static Contender RabbitQueue(RabbitCluster rabbit, int batch) => Contender.OfConnections(
        rabbit.Name,
        (connections, _) =>
        {
            var balance = new RabbitBalance();
            return Connect(connections, _ => batch == 1
                ? new RabbitSingleClient(rabbit.Broker, Queue, balance)
                : new RabbitStreamClient(rabbit.Broker, Queue, batch, balance));
        },
        (_, _) =>
        {
            using var looker = new RabbitLooker(rabbit.Broker, Queue);
            return Task.FromResult(looker.CountReady() is > 0 and var left ? $"{left} messages are left in the queue" : null);
        });

    private static Task<string?> NoDoubt(long done, CancellationToken cancel) => Task.FromResult<string?>(null);

    private static Task<IReadOnlyList<LoadClient>> Connect(int connections, Func<int, LoadClient> connect) =>
        Task.FromResult<IReadOnlyList<LoadClient>>([.. Enumerable.Range(0, connections).Select(connect)]);

    private static string Clients(int count) => string.Create(CultureInfo.InvariantCulture, $"{count} client{(count == 1 ? "" : "s")}");

    private static Table Details(List<IReadOnlyList<string>> rows) =>
        new(["Clients", "System", "What", "Rounds, per second", "Median of a cycle, ms", "95th percentile, ms"], rows);
}
