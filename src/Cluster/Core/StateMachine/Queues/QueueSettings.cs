namespace Quorate.Core.StateMachine.Queues;

/// <summary>What happens to a message that does not fit.</summary>
public enum QueueOverflow : byte
{
    /// <summary>It is refused, and with it the whole request.</summary>
    Reject = 1,

    /// <summary>It comes in, and the oldest of the lowest priority is dropped.</summary>
    DropOldest = 2,
}

/// <summary>How a queue behaves.</summary>
/// <param name="MaxDeliveries">After so many deliveries without an ack a message is dead; from 1.</param>
/// <param name="VisibilityMs">How long a delivered message is invisible to others, unless the consumer says otherwise.</param>
/// <param name="MaxLength">Ready and delayed messages; null: no limit. What is in flight or dead does not count.</param>
/// <param name="MaxBytes">Of the ready and delayed messages, bodies and headers; null: no limit.</param>
/// <param name="DedupWindowMs">How long a deduplication id is remembered; 0: not at all.</param>
public sealed record QueueSettings(
    int MaxDeliveries, long VisibilityMs, long? MaxLength, long? MaxBytes, QueueOverflow Overflow, long DedupWindowMs)
{
    public static readonly QueueSettings Default = new(
        MaxDeliveries: 5, VisibilityMs: 30_000, MaxLength: null, MaxBytes: null, QueueOverflow.Reject, DedupWindowMs: 300_000);
}

/// <summary>What happened in a queue since it was created.</summary>
/// <remarks>Enqueued = ready + delayed + in flight + <see cref="Acked"/> + dead + <see cref="Purged"/> + <see cref="Dropped"/>, always.</remarks>
/// <param name="Delivered">Deliveries, repeated ones included.</param>
/// <param name="Redelivered">Deliveries of messages that had been delivered before.</param>
/// <param name="DeadLettered">Times a message became dead; it may have been redriven since.</param>
/// <param name="Dropped">Messages that gave way to newer ones in a full queue.</param>
/// <param name="Duplicates">Messages not enqueued because their deduplication id was known; not among <paramref name="Enqueued"/>.</param>
public readonly record struct QueueCounters(
    long Enqueued, long Delivered, long Acked, long Redelivered, long DeadLettered, long Purged, long Dropped, long Duplicates);
