using Quorate.Core.Clocks;

namespace Quorate.Core.Replication.Regions.Exchange;

public enum OutboxState : byte
{
    Pending = 1,

    /// <summary>Taken for sending and not yet acknowledged; the change has its number.</summary>
    InFlight = 2,

    /// <summary>Refused or not delivered: waits for another try.</summary>
    Retrying = 3,

    /// <summary>Refused so often that it waits for an operator.</summary>
    Parked = 4,
}

/// <summary>A change that the coordinator does not have yet.</summary>
/// <param name="Id">Counted from 1 in the order in which changes were made.</param>
/// <param name="Attempts">Tries that failed.</param>
/// <param name="NextRetry">When it is tried again; null when it does not wait for that.</param>
/// <param name="Error">Why the last try failed.</param>
public sealed record OutboxItem(
    long Id, ChangeEvent Change, OutboxState State, int Attempts, HlcTimestamp EnqueuedAt, HlcTimestamp? NextRetry = null, string? Error = null)
{
    /// <summary>Deletions first, then by age.</summary>
    internal (int Priority, long Id) Turn => (Change.Priority, Id);
}

/// <summary>What went through an outbox since it began.</summary>
/// <param name="Refused">Tries that the coordinator refused.</param>
public readonly record struct OutboxCounters(long Enqueued, long Acknowledged, long Refused)
{
    public static readonly OutboxCounters Zero = new(0, 0, 0);
}
