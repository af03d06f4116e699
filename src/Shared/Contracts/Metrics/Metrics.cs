namespace Quorate.Contracts.Metrics;

/// <summary>One second of the gateway's and the cluster's figures.</summary>
/// <param name="WritesPerSecond">Commands committed per second, whole cluster.</param>
/// <param name="ReadsPerSecond">Linearizable reads served per second by this gateway.</param>
/// <param name="WriteP50Ms">Median time from request to answer of this gateway's writes; null when there were none.</param>
/// <param name="PendingWrites">Writes accepted by this gateway and not answered yet.</param>
public sealed record MetricsSample(
    DateTimeOffset At,
    double WritesPerSecond,
    double ReadsPerSecond,
    double? WriteP50Ms,
    double? WriteP99Ms,
    int PendingWrites,
    long Keys,
    long Locks,
    long LockWaiters,
    long Sessions,
    IReadOnlyList<NodeSample> Nodes);

/// <param name="FsyncP50Ms">Median fsync time of the node's log in the last ten seconds; null when there was none.</param>
/// <param name="AppendRoundTripMs">
/// On the leader: time from sending entries to the acknowledgement that completes a majority, averaged; null elsewhere, and while nothing is written.
/// </param>
/// <param name="InboxLength">Messages, proposals and reads that wait for the node's Raft loop.</param>
/// <param name="SaveQueueLength">Batches that wait for the log's fsync.</param>
/// <param name="ApplyQueueLength">Batches of committed entries that wait to be applied.</param>
public sealed record NodeSample(
    string Node,
    long CommitIndex,
    long AppliedIndex,
    double? FsyncP50Ms,
    double? FsyncP99Ms,
    double? AppendRoundTripMs,
    int InboxLength,
    int SaveQueueLength,
    int ApplyQueueLength);
