using Quorate.Gateway.Regions;
using Quorate.Gateway.Replication;

namespace Quorate.Gateway.Blobs;

/// <summary>The blobs of one region: where its chunks are kept, and who takes uploads in.</summary>
internal sealed record RegionBlobs(Region Region, ChunkReplicas Replicas, BlobReceiver Receiver)
{
    public string Id => Region.Id;
}

/// <summary>The blobs of every region that this process serves. Memory and transfers are common to all of them, so that their bounds hold for the process.</summary>
internal sealed class BlobRegions : IDisposable
{
    private readonly List<RegionBlobs> _all;

    public BlobRegions(RegionSet regions, ChunkBuffers buffers, BlobTransfers transfers, SyncMonitor monitor) =>
        _all = [.. regions.Served.Select(region =>
        {
            var replicas = new ChunkReplicas(region);
            return new RegionBlobs(region, replicas, new BlobReceiver(region, replicas, buffers, transfers, monitor));
        })];

    /// <summary>In the order of the configuration.</summary>
    public IReadOnlyList<RegionBlobs> All => _all;

    /// <summary>What a request means that names no region.</summary>
    public RegionBlobs First => _all[0];

    /// <returns>Null when the region is not served here.</returns>
    public RegionBlobs? Find(string region) => _all.Find(blobs => blobs.Id == region);

    public RegionBlobs Of(Region region) => Find(region.Id)!;

    public void Dispose() => _all.ForEach(blobs => blobs.Replicas.Dispose());
}
