using Quorate.Core.Clocks;

namespace Quorate.Core.Replication;

/// <summary>A replica that pulls the log of changes.</summary>
/// <param name="Sequence">The last change that is durable there.</param>
/// <param name="Pinned">While a snapshot is on its way: the log keeps what comes after this change.</param>
/// <param name="ReportedAt">When it said so.</param>
public sealed record Follower(string Id, long Sequence, long? Pinned, HlcTimestamp RegisteredAt, HlcTimestamp ReportedAt)
{
    /// <summary>What the log must keep begins after this change.</summary>
    internal long Holds => Math.Max(Sequence, Pinned ?? 0);
}

/// <summary>How much of the log is kept for followers that do not keep up.</summary>
public sealed record SyncRetention(long MaxEntries, long MaxBytes)
{
    public static readonly SyncRetention Default = new(100_000, 64L << 20);
}
