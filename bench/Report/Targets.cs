namespace Quorate.Bench.Report;

/// <summary>What Quorate sets out to reach, in times the peer's figure of the same run: etcd's, and RabbitMQ's for queues; always such that more is better.</summary>
internal static class Targets
{
    public const double ClusterWrites = 1.5;
    public const double AllInOneWrites = 2;
    public const double SingleConnectionLatency = 2;
    public const double Reads = 2.5;
    public const double Batches = 5;
    public const double Memory = 1;
    public const double Failover = 10;
    public const double Locks = 4;
    public const double Queue = 3;

    /// <summary>No comparison: changes of another region that a region takes in per second, at least.</summary>
    public const double RegionChanges = 20_000;

    /// <summary>No comparison: p99 of writes during a snapshot, in times the one without, at most.</summary>
    public const double SnapshotStall = 2;
}
