using Quorate.Contracts.Blobs;
using Quorate.Core.StateMachine;
using Quorate.Gateway.Endpoints;
using Quorate.Gateway.Live;
using Quorate.Node.Access;
using Quorate.Node.Blobs;

namespace Quorate.Gateway.Blobs;

/// <summary>Puts together how blobs do, and tells the live feed when it changed.</summary>
internal sealed class BlobMonitor(ClusterClient cluster, ChunkReplicas replicas, BlobTransfers transfers, ChangeFeed feed, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a node may take to say how it is.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private volatile IReadOnlyList<NodeBlobsView> _nodes = [];

    /// <summary>As it is now; what nodes said may be a quarter of a second old.</summary>
    public BlobStatus Current => cluster.Peek(Compose);

    public IReadOnlyList<NodeBlobsView> Nodes => _nodes;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        BlobStatus? sent = null;
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            _nodes = await Task.WhenAll(replicas.All.Select(node => AskAsync(node, stoppingToken)));
            var status = Current;
            if (sent is null || Differs(sent, status))
            {
                feed.SetBlobs(status);
                sent = status;
            }
        }
    }

    private async Task<NodeBlobsView> AskAsync(IChunkReplica node, CancellationToken cancel)
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
            var last = _nodes.FirstOrDefault(view => view.Node == node.Name) ?? new NodeBlobsView(node.Name, false, 0, 0, 0, 0, 0, 0, 0);
            return last with { Reachable = false };
        }
    }

    private BlobStatus Compose(ClusterState state)
    {
        var here = transfers.Active.ToList();
        var uploads = state.Blobs.Uploads.Select(upload =>
        {
            var active = here.Find(transfer => transfer.Kind == BlobTransferKinds.Upload && transfer.Id == upload.Id);
            return new BlobTransfer(
                upload.Id, BlobTransferKinds.Upload, upload.Size, upload.Received, active?.BytesPerSecond, Views.Time(upload.StartedAt), active is null);
        });
        var downloads = here.Where(transfer => transfer.Kind == BlobTransferKinds.Download)
            .Select(transfer => new BlobTransfer(transfer.Id, transfer.Kind, transfer.Size, transfer.Done, transfer.BytesPerSecond, transfer.StartedAt, Paused: false));
        return new BlobStatus(
            time.GetUtcNow(), state.Blobs.Count, state.Blobs.Bytes, [.. uploads.Concat(downloads).OrderBy(transfer => transfer.StartedAt)], _nodes);
    }

    private static bool Differs(BlobStatus before, BlobStatus now) =>
        before.Blobs != now.Blobs || before.Bytes != now.Bytes || !before.Items.SequenceEqual(now.Items) || !before.Nodes.SequenceEqual(now.Nodes);
}
