using System.Diagnostics.Metrics;
using Quorate.Contracts.Cluster;
using Quorate.Gateway.Blobs;
using Quorate.Gateway.Cache;
using Quorate.Gateway.Hosting;
using Quorate.Gateway.Regions;
using Quorate.Gateway.Replication;
using Quorate.Node.Access;

namespace Quorate.Gateway.Metrics;

/// <summary>The product's own instruments. Names are part of the contract with dashboards and alerts.</summary>
public sealed class QuorateMeter : IDisposable
{
    public const string Name = "Quorate";

    private readonly Meter _meter = new(Name);

    internal QuorateMeter(
        ClusterClient cluster,
        ITopologySource topology,
        CacheService cache,
        SyncMonitor sync,
        BlobMonitor blobs,
        BlobTransfers transfers,
        RegionSet regions,
        RegionMonitor monitor,
        TimeProvider time)
    {
        _meter.CreateObservableCounter("quorate_commands_total", () => cluster.Commands, description: "Commands seen in the committed log since this gateway started.");
        _meter.CreateObservableCounter("quorate_reads_total", () => cluster.Reads, description: "Linearizable reads served by this gateway.");
        _meter.CreateObservableGauge("quorate_pending_writes", () => cluster.PendingWrites, description: "Writes accepted by this gateway and not answered yet.");
        _meter.CreateObservableGauge("quorate_has_quorum", () => topology.Current.HasQuorum ? 1 : 0, description: "1 while a leader has a majority of voters behind it.");
        _meter.CreateObservableGauge("quorate_fault_tolerance", () => topology.Current.FaultTolerance, description: "Voters that may still fail before writes stop.");
        _meter.CreateObservableGauge("quorate_keys", () => cluster.Peek(state => state.Kv.Count), description: "Keys in the replicated state.");
        _meter.CreateObservableGauge("quorate_locks", () => cluster.Peek(state => state.Locks.Count), description: "Locks held or waited for.");
        _meter.CreateObservableGauge("quorate_lock_waiters", () => cluster.Peek(state => state.Locks.Waiters), description: "Requests waiting for a lock.");
        _meter.CreateObservableGauge("quorate_sessions", () => cluster.Peek(state => state.Sessions.Count), description: "Open client sessions.");
        CacheMeter.Register(_meter, cache);
        QueueMeter.Register(_meter, cluster, time);
        SyncMeter.Register(_meter, sync, regions, monitor);
        RegionMeter.Register(_meter, monitor);
        BlobMeter.Register(_meter, cluster, blobs, transfers);
        Node("quorate_node_up", node => node.Role == NodeRoles.Offline ? 0 : 1, "1 while the node answers.");
        Node("quorate_node_is_leader", node => node.Role == NodeRoles.Leader ? 1 : 0, "1 on the node that leads.");
        Node("quorate_node_term", node => node.Term, "Raft term the node is in.");
        Node("quorate_node_commit_index", node => node.CommitIndex, "Highest entry the node knows to be committed.");
        Node("quorate_node_applied_index", node => node.AppliedIndex, "Last entry the node has applied.");
        Node("quorate_node_snapshot_index", node => node.SnapshotIndex, "Last entry contained in the node's newest snapshot.");
        Node("quorate_node_fsync_p99_seconds", node => (node.FsyncP99Ms ?? 0) / 1000, "99th percentile of the log's fsync over ten seconds.");

        void Node(string name, Func<NodeView, double> value, string description) => _meter.CreateObservableGauge(
            name,
            () => topology.Current.Nodes.Select(node => new Measurement<double>(value(node), new KeyValuePair<string, object?>("node", node.Id))),
            description: description);
    }

    public void Dispose() => _meter.Dispose();
}
