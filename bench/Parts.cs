using Quorate.Bench.Load;
using Quorate.Bench.Measure;
using Quorate.Bench.Peers;
using Quorate.Bench.Report;

namespace Quorate.Bench;

/// <summary>The parts of the comparison: what is measured on whom, against which target.</summary>
internal sealed class Parts(EtcdCluster etcd, QuorateCluster cluster, AllInOne allInOne, BenchOptions options)
{
    private static readonly int[] Connections = [1, 64, 256];
    private static readonly int[] Outstanding = [1, 64, 256, 1024];

    public static Section Limits(PhysicalLimits limits) => new("Physical limits", [], [], new Table(
        ["What", "Figure"],
        [
            ["512 bytes written and fdatasync, one file", $"{Numbers.Show(limits.SyncsPerSecond)}/s ({Numbers.Show(1000 / limits.SyncsPerSecond)} ms each)"],
            ["the same in three files at once, together", $"{Numbers.Show(limits.SyncsPerSecondOfThree)}/s"],
            ["64 bytes over loopback TCP and back, median", $"{Numbers.Show(limits.RoundTripMicroseconds)} µs"],
        ]));

    public async Task<Section> WritesAsync(CancellationToken cancel)
    {
        var rows = new List<Comparison>();
        var latencies = new List<Comparison>();
        var details = new List<IReadOnlyList<string>>();
        if (await WhyNotAsync(Workload.Writes, cancel) is { } reason)
        {
            throw new BenchException(reason);
        }

        foreach (var connections in Connections)
        {
            var results = await MeasureAsync(Workload.Writes, connections, details, cancel);
            foreach (var peer in (IPeer[])[cluster, allInOne])
            {
                double? target = connections == 1 ? null : peer == cluster ? Targets.ClusterWrites : Targets.AllInOneWrites;
                rows.Add(Throughput(Workload.Writes, connections, results, peer, target));
                if (connections == 1)
                {
                    latencies.Add(new Comparison(
                        "Mean latency of a write, 1 connection", peer.Name, "ms", results[etcd].MeanMs, results[peer].MeanMs, true,
                        peer == cluster ? Targets.SingleConnectionLatency : null));
                }
            }
        }

        return new Section("Writes", [.. rows, .. latencies], [], Details(details));
    }

    public Task<Section> ReadsAsync(CancellationToken cancel) => SimpleAsync("Linearizable reads", Workload.Reads, Targets.Reads, cancel);

    public Task<Section> BatchesAsync(CancellationToken cancel) => SimpleAsync("Batches", Workload.Batches, Targets.Batches, cancel);

    public async Task<Section> MemoryAsync(CancellationToken cancel)
    {
        var memory = new Dictionary<IPeer, IReadOnlyList<ProcessMemory>>();
        foreach (var peer in (IPeer[])[etcd, cluster, allInOne])
        {
            Progress.Say($"  {options.Keys} keys into {peer.Name}");
            memory[peer] = await Memory.MeasureAsync(peer, options.Keys, cancel);
        }

        var what = $"Memory of a node at {Numbers.Show(options.Keys)} keys";
        return new Section(
            "Memory",
            [new Comparison(what, cluster.Name, "MB", PerNode(memory[etcd]), PerNode(memory[cluster]), true, Targets.Memory)],
            ["Resident memory after the keys have been written one by one, 64 at a time, on top of what earlier parts of the run left behind. etcd maps its database file, which counts as resident; the last column leaves out everything that a file backs."],
            new Table(
                ["System", "Process", "Resident, MB", "Of it anonymous, MB"],
                [.. memory.SelectMany(peer => peer.Value.Select(process => (string[])[peer.Key.Name, process.Name, Numbers.Show(process.ResidentMb), Numbers.Show(process.AnonymousMb)]))]));

        static Figures PerNode(IEnumerable<ProcessMemory> processes) =>
            Figures.Mean(processes.Where(process => process.HoldsData).Select(process => process.ResidentMb));
    }

    public async Task<Section> NodeProtocolAsync(PhysicalLimits? limits, CancellationToken cancel)
    {
        var results = await NodeProtocol.MeasureAsync(cluster, Outstanding, options.Rounds, options.Seconds, cancel);
        return new Section(
            "The nodes' own protocol",
            [],
            [
                "Writes of 256 bytes from a .NET client over one connection to the leader, without HTTP and gateway; the gateway is idle but follows the log. Batches form by themselves: what arrives during one fsync is the next.",
                .. limits is null ? [] : (string[])[$"The physical limit for one write at a time, one sync and two loopback round trips, is {Numbers.Show(limits.LeastWriteMs)} ms or {Numbers.Show(1000 / limits.LeastWriteMs)} writes/s."],
            ],
            new Table(
                ["Writes under way", "Writes/s", "Mean latency, ms"],
                [.. results.Select(result => (string[])[Numbers.Show(result.Outstanding), Numbers.ShowWithRange(result.PerSecond), Numbers.ShowWithRange(result.MeanMs)])]));
    }

    /// <summary>On a cluster of its own: a million keys would weigh on what the others measure.</summary>
    public static async Task<Section> SnapshotAsync(QuorateCluster own, BenchOptions options, CancellationToken cancel)
    {
        var keys = options.Quick ? 100_000 : 1_000_000;
        Progress.Say($"  {Numbers.Show(keys)} keys");
        var figures = await SnapshotStall.MeasureAsync(own, keys, options.Rounds, TimeSpan.FromSeconds(2 * options.Seconds), cancel);
        var ratio = figures.During.Percentile(0.99) / figures.Before.Percentile(0.99);
        Progress.Say($"    p99 {Numbers.Show(figures.Before.Percentile(0.99))} ms before, {Numbers.Show(figures.During.Percentile(0.99))} ms during");
        return new Section(
            "Writes while a snapshot is taken",
            [],
            [
                $"{Numbers.Show(figures.Keys)} keys, all three nodes on this machine and taking their snapshot at the same moment, 500 writes per second through the nodes' own protocol.",
                $"The 99th percentile becomes {Numbers.Show(ratio)} times what it was; at most {Targets.SnapshotStall} times is the target: **{(ratio <= Targets.SnapshotStall ? "met" : "missed")}**.",
            ],
            new Table(
                ["", "Writes", "p50, ms", "p99, ms", "Longest, ms"],
                [Row("no snapshot", figures.Before), Row($"during one ({Numbers.ShowWithRange(figures.Seconds)} s each)", figures.During)]));

        static string[] Row(string name, Figures latencies) =>
        [
            name, Numbers.Show(latencies.Values.Count), Numbers.Show(latencies.Percentile(0.5)), Numbers.Show(latencies.Percentile(0.99)), Numbers.Show(latencies.Most),
        ];
    }

    /// <summary>On clusters of their own, one after the other: the other one is at rest meanwhile.</summary>
    public static async Task<Section> FloodAsync(AllInOne allInOne, QuorateCluster cluster, BenchOptions options, CancellationToken cancel)
    {
        var rows = new List<IReadOnlyList<string>>();
        foreach (var (peer, http) in ((IPeer, Uri)[])[(allInOne, allInOne.Gateway.Address), (cluster, cluster.Gateway.Address)])
        {
            foreach (var stage in await new Flood(peer.Processes, http).MeasureAsync(TimeSpan.FromSeconds(2 * options.Seconds), cancel))
            {
                Progress.Say($"  {peer.Name}, {stage.Name}: {Numbers.Show(stage.Accepted)} accepted/s, {Numbers.Show(stage.Refused)} refused/s, at most {Numbers.Show(stage.PeakMb)} MB");
                rows.Add(
                [
                    peer.Name, stage.Name, Numbers.Show(stage.Clients), Numbers.Show(stage.Accepted), Numbers.Show(stage.Refused), Numbers.Show(stage.Other),
                    Numbers.Show(stage.FirstHalfMb), Numbers.Show(stage.PeakMb),
                ]);
            }
        }

        return new Section(
            "Memory under a flood",
            [],
            [$"Values of 1 MB that overwrite four keys, {2 * options.Seconds} s per stage, from clients on this machine that never wait. Memory is resident, of all processes of the system together."],
            new Table(["System", "Stage", "Clients", "Accepted/s", "429/s", "Other answers", "Most in the first half, MB", "Most, MB"], rows));
    }

    public async Task<Section> FailoverAsync(CancellationToken cancel)
    {
        Progress.Say($"  killing {options.Failovers} leaders of each cluster");
        var failovers = ((IFailoverPeer[])[etcd, cluster]).ToDictionary(peer => (IPeer)peer, peer => new Failover(peer));
        for (var i = 0; i < options.Failovers; i++)
        {
            foreach (var failover in failovers.Values)
            {
                await failover.KillOnceAsync(cancel);
            }
        }

        var results = failovers.ToDictionary(failover => failover.Key, failover => failover.Value.Figures);
        return new Section(
            "Failover",
            [new Comparison("Failover, SIGKILL to next acknowledged write", cluster.Name, "ms", results[etcd], results[cluster], true, Targets.Failover)],
            [$"{options.Failovers} leaders killed in each cluster, taking turns, each after the one before had come back and caught up."],
            new Table(
                ["System", "Median, ms", "95th percentile, ms", "Longest, ms"],
                [.. results.Select(result => (string[])[result.Key.Name, Numbers.Show(result.Value.Typical), Numbers.Show(result.Value.Percentile(0.95)), Numbers.Show(result.Value.Most)])]));
    }

    private async Task<Section> SimpleAsync(string title, Workload workload, double target, CancellationToken cancel)
    {
        if (await WhyNotAsync(workload, cancel) is { } reason)
        {
            Progress.Say($"  skipped: {reason}");
            return new Section(title, [], [$"Skipped: {reason}."]);
        }

        var rows = new List<Comparison>();
        var details = new List<IReadOnlyList<string>>();
        foreach (var connections in Connections)
        {
            var results = await MeasureAsync(workload, connections, details, cancel);
            rows.Add(Throughput(workload, connections, results, cluster, target));
            rows.Add(Throughput(workload, connections, results, allInOne, null));
        }

        return new Section(title, rows, [], Details(details));
    }

    /// <summary>Proves on every peer that the request does what it says. The key that reads look for is written first.</summary>
    private async Task<string?> WhyNotAsync(Workload workload, CancellationToken cancel)
    {
        foreach (var peer in (IPeer[])[etcd, cluster, allInOne])
        {
            await peer.PutAsync(Workload.Key, cancel);
            if (await peer.ProveAsync(workload, cancel) is { } reason)
            {
                return $"{peer.Name}: {reason}";
            }
        }

        return null;
    }

    private async Task<IReadOnlyDictionary<IPeer, Rounds>> MeasureAsync(
        Workload workload, int connections, List<IReadOnlyList<string>> details, CancellationToken cancel)
    {
        Progress.Say($"  {connections} connections");
        var results = await new Throughput([etcd, cluster, allInOne], options.Rounds, options.Seconds).MeasureAsync(workload, connections, cancel);
        foreach (var (peer, rounds) in results)
        {
            Progress.Say($"    {peer.Name}: {Numbers.Show(rounds.PerSecond.Typical)} {workload.Unit}{(rounds.Invalid is { } invalid ? $", invalid: {invalid}" : "")}");
            details.Add([Numbers.Show(connections), peer.Name, string.Join(", ", rounds.PerSecond.Values.Select(Numbers.Show)), Numbers.ShowWithRange(rounds.MeanMs)]);
        }

        return results;
    }

    private Comparison Throughput(Workload workload, int connections, IReadOnlyDictionary<IPeer, Rounds> results, IPeer ours, double? target) => new(
        $"{workload.Name}, {connections} connection{(connections == 1 ? "" : "s")}", ours.Name, workload.Unit,
        results[etcd].PerSecond, results[ours].PerSecond, false, target);

    private static Table Details(List<IReadOnlyList<string>> rows) => new(["Connections", "System", "Rounds, per second", "Mean latency of a request, ms"], rows);
}
