using System.Collections.Concurrent;
using Quorate.Contracts.Blobs;
using Quorate.Core.StateMachine;
using Quorate.Gateway.Endpoints;
using Quorate.Gateway.Live;
using Quorate.Node.Blobs;

namespace Quorate.Gateway.Blobs;

/// <summary>Puts together how blobs do, and tells the live feed when it changed.</summary>
internal sealed class BlobMonitor(BlobRegions regions, BlobArrivals arrivals, BlobTransfers transfers, ChangeFeed feed, TimeProvider time) : BackgroundService
{
    /// <summary>Blobs that arrive and are told of one by one.</summary>
    private const int MaxArrivals = 100;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a node may take to say how it is.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, IReadOnlyList<NodeBlobsView>> _nodes = new(StringComparer.Ordinal);

    /// <summary>The nodes of the first region.</summary>
    public IReadOnlyList<NodeBlobsView> Nodes => NodesOf(regions.First);

    /// <summary>Every region that is served here.</summary>
    public IEnumerable<(string Region, BlobStatus Status)> All => regions.All.Select(region => (region.Id, Current(region)));

    /// <summary>A region as it is now; what nodes said may be a quarter of a second old.</summary>
    public BlobStatus Current(RegionBlobs region) => region.Region.Cluster.Peek(state => Compose(region, state));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        BlobStatus? sent = null;
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await Task.WhenAll(regions.All.Select(region => AskAsync(region, stoppingToken)));
            var status = Current(regions.First);
            if (sent is null || Differs(sent, status))
            {
                feed.SetBlobs(status);
                sent = status;
            }
        }
    }

    private IReadOnlyList<NodeBlobsView> NodesOf(RegionBlobs region) => _nodes.GetValueOrDefault(region.Id, []);

    private async Task AskAsync(RegionBlobs region, CancellationToken cancel)
    {
        var known = NodesOf(region);
        _nodes[region.Id] = await Task.WhenAll(region.Replicas.All.Select(node => AskAsync(node, known, cancel)));
    }

    private static async Task<NodeBlobsView> AskAsync(IChunkReplica node, IReadOnlyList<NodeBlobsView> known, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        try
        {
            var status = await node.StatusAsync(limit.Token);
            return new NodeBlobsView(
                node.Name, true, status.Chunks, status.Bytes, status.Missing, status.Fetched, status.Corrupt, status.Repaired, status.Collected);
        }
        catch (Exception error) when (error is ChunkSourceException || (error is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            var last = known.FirstOrDefault(view => view.Node == node.Name) ?? new NodeBlobsView(node.Name, false, 0, 0, 0, 0, 0, 0, 0);
            return last with { Reachable = false };
        }
    }

    private BlobStatus Compose(RegionBlobs region, ClusterState state)
    {
        var here = transfers.Active.Where(transfer => transfer.Region == region.Id).ToList();
        var uploads = state.Blobs.Uploads.Select(upload =>
        {
            var active = here.Find(transfer => transfer.Kind == BlobTransferKinds.Upload && transfer.Id == upload.Id);
            return new BlobTransfer(
                upload.Id, BlobTransferKinds.Upload, upload.Size, upload.Received, active?.BytesPerSecond, Views.Time(upload.StartedAt), active is null);
        });
        var downloads = here.Where(transfer => transfer.Kind == BlobTransferKinds.Download)
            .Select(transfer => new BlobTransfer(transfer.Id, transfer.Kind, transfer.Size, transfer.Done, transfer.BytesPerSecond, transfer.StartedAt, Paused: false));
        var arriving = state.Blobs.Arrivals.Take(MaxArrivals).Select(arrival =>
        {
            var active = here.Find(transfer => transfer.Kind == BlobTransferKinds.Arrival && transfer.Id == arrival.Id);
            return new BlobTransfer(
                arrival.Id, BlobTransferKinds.Arrival, arrival.Content.Size, arrival.Received, active?.BytesPerSecond, Views.Time(arrival.StartedAt), active is null, arrival.Region);
        });
        var (fetched, corrupt) = arrivals.Counts(region.Id);
        return new BlobStatus(
            time.GetUtcNow(), state.Blobs.Count, state.Blobs.Bytes, [.. uploads.Concat(downloads).Concat(arriving).OrderBy(transfer => transfer.StartedAt)], NodesOf(region), state.Blobs.Arriving, fetched, corrupt);
    }

    private static bool Differs(BlobStatus before, BlobStatus now) =>
        before.Blobs != now.Blobs || before.Bytes != now.Bytes || before.Arriving != now.Arriving
        || !before.Items.SequenceEqual(now.Items) || !before.Nodes.SequenceEqual(now.Nodes);
}
