using System.Diagnostics.Metrics;
using Quorate.Contracts.Blobs;
using Quorate.Gateway.Blobs;
using Quorate.Node.Access;

namespace Quorate.Gateway.Metrics;

/// <summary>The instruments of blobs.</summary>
internal static class BlobMeter
{
    public static void Register(Meter meter, ClusterClient cluster, BlobMonitor monitor, BlobTransfers transfers)
    {
        meter.CreateObservableGauge("quorate_blobs", () => cluster.Peek(state => state.Blobs.Count), description: "Blobs in the cluster.");
        meter.CreateObservableGauge("quorate_blob_bytes", () => cluster.Peek(state => state.Blobs.Bytes), description: "Bytes of all blobs.");
        meter.CreateObservableGauge("quorate_blob_uploads", () => cluster.Peek(state => state.Blobs.Uploads.Count()), description: "Uploads in progress.");
        meter.CreateObservableCounter("quorate_blob_received_bytes_total", () => transfers.Received, description: "Bytes of uploads that this gateway took in.");
        meter.CreateObservableCounter("quorate_blob_sent_bytes_total", () => transfers.Sent, description: "Bytes of downloads that this gateway handed out.");
        meter.CreateObservableCounter("quorate_blob_arrived_bytes_total", () => transfers.Arrived, description: "Bytes of blobs that this gateway got from other regions.");
        meter.CreateObservableGauge("quorate_blob_arriving", () => Region(status => status.Arriving), description: "Blobs of other regions that cannot be read in a region yet.");
        meter.CreateObservableCounter("quorate_blob_region_chunks_fetched_total", () => Region(status => status.FetchedFromRegions), description: "Chunks that a region got from others.");
        meter.CreateObservableCounter("quorate_blob_region_chunks_corrupt_total", () => Region(status => status.CorruptFromRegions), description: "Chunks that came damaged from another region.");
        meter.CreateObservableGauge("quorate_blob_chunks", () => Each(node => node.Chunks), description: "Chunks on a node's disk.");
        meter.CreateObservableGauge("quorate_blob_chunks_missing", () => Each(node => node.Missing), description: "Chunks that a node needs and lacks.");
        meter.CreateObservableCounter("quorate_blob_chunks_fetched_total", () => Each(node => node.Fetched), description: "Chunks that a node got from others.");
        meter.CreateObservableCounter("quorate_blob_chunks_corrupt_total", () => Each(node => node.Corrupt), description: "Chunks found damaged on a node's disk.");
        meter.CreateObservableCounter("quorate_blob_chunks_repaired_total", () => Each(node => node.Repaired), description: "Damaged chunks that were replaced by good ones.");

        IEnumerable<Measurement<long>> Region(Func<BlobStatus, long> value) =>
            monitor.All.Select(item => new Measurement<long>(value(item.Status), new KeyValuePair<string, object?>("region", item.Region)));

        IEnumerable<Measurement<long>> Each(Func<NodeBlobsView, long> value) =>
            monitor.Nodes.Select(node => new Measurement<long>(value(node), new KeyValuePair<string, object?>("node", node.Node)));
    }
}
