using Quorate.Bench.Measure;
using Quorate.Bench.Peers;
using Quorate.Bench.Report;

namespace Quorate.Bench;

/// <summary>One run: all clusters up side by side, one part after the other, everything ended and removed afterwards.</summary>
internal sealed class BenchRun(BenchOptions options, string repository)
{
    private static readonly TimeSpan LimitDuration = TimeSpan.FromSeconds(3);

    private readonly List<Section> _sections = [];
    private PhysicalLimits? _limits;

    public async Task<BenchReport> RunAsync(CancellationToken cancel)
    {
        Directory.CreateDirectory(options.DataRoot);
        var at = DateTimeOffset.UtcNow;
        var machine = Machine.Look(options.DataRoot);
        foreach (var warning in machine.Warnings)
        {
            Progress.Say($"Warning: {warning}");
        }

        using var workspace = new Workspace(repository, options.DataRoot);
        await PartAsync("limits", "Physical limits", () =>
        {
            _limits = PhysicalLimits.Measure(workspace.Root, options.Quick ? LimitDuration / 3 : LimitDuration);
            return Task.FromResult(Parts.Limits(_limits));
        }, cancel);
        if (options.Only.Count == 0 || options.Only.Any(part => part is not ("limits" or "snapshot" or "longqueue" or "blobs" or "regions" or "flood")))
        {
            await CompareAsync(workspace, cancel);
        }

        await PartAsync("snapshot", "Writes while a snapshot is taken", () => SnapshotAsync(workspace, cancel), cancel);
        await PartAsync("longqueue", "A long queue", () => LongQueueAsync(workspace, cancel), cancel);
        await PartAsync("blobs", BlobPart.Title, () => BlobPart.MeasureAsync(workspace, options, cancel), cancel);
        await PartAsync("regions", RegionPart.Title, () => RegionPart.MeasureAsync(workspace, options, cancel), cancel);
        await PartAsync("flood", "Memory under a flood", () => FloodAsync(workspace, cancel), cancel);

        var settings = $"{options.Rounds} × {options.Seconds} s per figure";
        return new BenchReport(at, settings, machine, _sections);
    }

    private async Task CompareAsync(Workspace workspace, CancellationToken cancel)
    {
        await using var etcd = new EtcdCluster(workspace);
        await using var cluster = new QuorateCluster(workspace);
        await using var allInOne = new AllInOne(workspace);
        foreach (var peer in (IPeer[])[etcd, cluster, allInOne])
        {
            Progress.Say($"Starting {peer.Name}");
            await peer.StartAsync(cancel);
        }

        var parts = new Parts(etcd, cluster, allInOne, options);
        await PartAsync("writes", "Writes", () => parts.WritesAsync(cancel), cancel);
        await PartAsync("memory", "Memory", () => parts.MemoryAsync(cancel), cancel);
        await PartAsync("reads", "Linearizable reads", () => parts.ReadsAsync(cancel), cancel);
        await PartAsync("batch", "Batches", () => parts.BatchesAsync(cancel), cancel);
        await PartAsync("node", "The nodes' own protocol", () => parts.NodeProtocolAsync(_limits, cancel), cancel);
        var primitives = new PrimitiveParts(cluster, allInOne, options);
        await PartAsync("locks", "Locks", () => primitives.LocksAsync(etcd, cancel), cancel);
        await PartAsync("queues", "Queues", async () =>
        {
            // Only now: three more servers would weigh on what the others measure.
            await using var rabbit = new RabbitCluster(workspace);
            Progress.Say($"Starting {rabbit.Name}");
            await rabbit.StartAsync(cancel);
            return await primitives.QueuesAsync(rabbit, cancel);
        }, cancel);
        await PartAsync("failover", "Failover", () => parts.FailoverAsync(cancel), cancel);
    }

    private async Task<Section> SnapshotAsync(Workspace workspace, CancellationToken cancel)
    {
        await using var cluster = new QuorateCluster(workspace, "snapshot-");
        await cluster.StartAsync(cancel);
        return await Parts.SnapshotAsync(cluster, options, cancel);
    }

    private async Task<Section> LongQueueAsync(Workspace workspace, CancellationToken cancel)
    {
        await using var cluster = new QuorateCluster(workspace, "longqueue-");
        await cluster.StartAsync(cancel);
        return await PrimitiveParts.LongQueueAsync(cluster, options, cancel);
    }

    private async Task<Section> FloodAsync(Workspace workspace, CancellationToken cancel)
    {
        await using var allInOne = new AllInOne(workspace, "flood-");
        await allInOne.StartAsync(cancel);
        await using var cluster = new QuorateCluster(workspace, "flood-");
        await cluster.StartAsync(cancel);
        return await Parts.FloodAsync(allInOne, cluster, options, cancel);
    }

    /// <summary>A part that fails, for whatever reason, says so in the report; what the others found in many minutes is not lost.</summary>
    private async Task PartAsync(string name, string title, Func<Task<Section>> measure, CancellationToken cancel)
    {
        if (!options.Includes(name))
        {
            return;
        }

        Progress.Say(title);
        try
        {
            _sections.Add(await measure());
        }
        catch (Exception error) when (!cancel.IsCancellationRequested)
        {
            Progress.Say($"  failed: {error.Message}");
            _sections.Add(new Section(title, [], [$"**Not measured:** {error.Message}"]) { Failed = true });
        }
    }
}
