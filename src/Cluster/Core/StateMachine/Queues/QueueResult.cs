using Quorate.Core.Clocks;

namespace Quorate.Core.StateMachine.Queues;

/// <summary>What became of a command about a queue. A closed hierarchy; <see cref="QueueResultCodec"/> knows every case.</summary>
public abstract record QueueResult : CommandResult
{
    public sealed record NotFound : QueueResult;

    public sealed record Configured(bool Created) : QueueResult;

    /// <param name="Messages">Messages that were in the queue.</param>
    public sealed record Deleted(long Messages) : QueueResult;

    /// <summary>In the order of the request.</summary>
    public sealed record Enqueued(IReadOnlyList<EnqueuedMessage> Messages) : QueueResult;

    /// <summary>The messages do not fit, and the queue rejects what does not fit. None was enqueued.</summary>
    /// <param name="Length">Messages that count now.</param>
    /// <param name="Bytes">Bytes that count now.</param>
    public sealed record Full(long Length, long? MaxLength, long Bytes, long? MaxBytes) : QueueResult;

    /// <summary>In the order of delivery; none when there are none, or the waiting ended without one.</summary>
    public sealed record Delivered(IReadOnlyList<QueueMessage> Messages) : QueueResult;

    /// <summary>The request waits; a <see cref="StateEvent.QueueWaitEnded"/> with the same ticket ends it.</summary>
    public sealed record Waiting(long Ticket) : QueueResult, IQueuedResult;

    public sealed record TooManyWaiters(int Limit) : QueueResult;

    /// <summary>What became of acks or nacks.</summary>
    /// <param name="Stale">Receipts that were void already.</param>
    public sealed record Settled(int Count, IReadOnlyList<Receipt> Stale) : QueueResult;

    /// <param name="VisibleAt">When the messages become visible to others again.</param>
    public sealed record Extended(int Count, HlcTimestamp VisibleAt, IReadOnlyList<Receipt> Stale) : QueueResult;

    /// <param name="Remaining">Messages left in the state they were taken from.</param>
    public sealed record Purged(long Count, long Remaining) : QueueResult;

    /// <summary>Messages were made ready again.</summary>
    /// <param name="Remaining">Messages left in the state they were taken from.</param>
    public sealed record Moved(int Count, long Remaining) : QueueResult;
}

/// <param name="Duplicate">It was not enqueued: <paramref name="Id"/> is the message that came with the same deduplication id before.</param>
public readonly record struct EnqueuedMessage(long Id, bool Duplicate);
