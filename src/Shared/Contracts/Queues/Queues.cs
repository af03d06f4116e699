namespace Quorate.Contracts.Queues;

/// <summary>How a queue behaves. What is left out has its default.</summary>
/// <param name="MaxDeliveries">After so many deliveries without an ack a message is dead: 1 to 1,000,000, default 5.</param>
/// <param name="VisibilityMs">How long a delivered message is invisible to other consumers, unless they say otherwise: 1 to 86,400,000, default 30,000.</param>
/// <param name="MaxLength">Most ready and delayed messages, 1 to 100,000,000; null (default): no limit.</param>
/// <param name="MaxBytes">Most bytes of ready and delayed messages, bodies and headers: 1 to 1,099,511,627,776; null (default): no limit.</param>
/// <param name="Overflow">What happens to messages that do not fit: <c>reject</c> (default) or <c>dropOldest</c>, which drops the oldest of the lowest priority.</param>
/// <param name="DedupWindowMs">How long a deduplication id is remembered: 0 (not at all) to 604,800,000, default 300,000.</param>
public sealed record QueueConfiguration(
    int? MaxDeliveries = null,
    long? VisibilityMs = null,
    long? MaxLength = null,
    long? MaxBytes = null,
    string? Overflow = null,
    long? DedupWindowMs = null);

/// <summary>The values of <see cref="QueueConfiguration.Overflow"/>.</summary>
public static class QueueOverflows
{
    public const string Reject = "reject";
    public const string DropOldest = "dropOldest";
}

/// <summary>Where a message is.</summary>
public static class MessageStates
{
    public const string Ready = "ready";
    public const string Delayed = "delayed";
    public const string InFlight = "inflight";
    public const string Dead = "dead";

    public static readonly IReadOnlyList<string> All = [Ready, Delayed, InFlight, Dead];
}

/// <param name="Created">Whether the queue is new; otherwise it behaves as configured from now on, and keeps its messages.</param>
public sealed record PutQueueResponse(string Name, bool Created, QueueConfiguration Configuration);

/// <param name="Messages">Messages that were in it.</param>
public sealed record DeleteQueueResponse(string Name, long Messages);

/// <summary>A queue: how it is configured, what is in it now, and what happened since it was created.</summary>
/// <remarks><c>enqueued = ready + delayed + inFlight + acked + dead + purged + dropped</c>, always.</remarks>
/// <param name="ReadyByPriority">Ready messages by priority, from 0 to 9.</param>
/// <param name="Bytes">Of ready and delayed messages, bodies and headers.</param>
/// <param name="OldestAgeMs">How long the oldest of the messages that are next has been in the queue; null when none is ready.</param>
/// <param name="OldestEnqueuedAt">When it came in.</param>
/// <param name="Waiting">Consumers that wait for a message.</param>
/// <param name="Rates">Per second, over the last seconds as this gateway saw them.</param>
/// <param name="Consumers">At most 100, those with the most in flight first.</param>
/// <param name="RecentDepths">Ready messages second by second, the newest last, at most 60; left out in deltas of the live feed.</param>
public sealed record QueueView(
    string Name,
    QueueConfiguration Configuration,
    DateTimeOffset CreatedAt,
    long Ready,
    IReadOnlyList<long> ReadyByPriority,
    long Delayed,
    long InFlight,
    long Dead,
    long Bytes,
    long? OldestAgeMs,
    DateTimeOffset? OldestEnqueuedAt,
    long Waiting,
    QueueCounts Counters,
    QueueRates Rates,
    IReadOnlyList<QueueConsumerView> Consumers,
    IReadOnlyList<long>? RecentDepths);

/// <summary>What happened in a queue since it was created.</summary>
/// <param name="Delivered">Deliveries, repeated ones included.</param>
/// <param name="Redelivered">Deliveries of messages that had been delivered before.</param>
/// <param name="DeadLettered">Times that a message became dead.</param>
/// <param name="Dropped">Messages that gave way to newer ones.</param>
/// <param name="Duplicates">Messages not enqueued because their deduplication id was known.</param>
public sealed record QueueCounts(
    long Enqueued, long Delivered, long Acked, long Redelivered, long DeadLettered, long Purged, long Dropped, long Duplicates);

/// <summary>Messages per second.</summary>
public sealed record QueueRates(double Enqueued, double Delivered, double Acked);

/// <param name="Name">As the consumer calls itself.</param>
/// <param name="InFlight">Messages it has and has not settled.</param>
/// <param name="Waiting">Requests of it that wait for messages.</param>
/// <param name="LastSeen">When it last asked for messages.</param>
public sealed record QueueConsumerView(string Name, long InFlight, long Waiting, long Delivered, long Acked, DateTimeOffset LastSeen);

/// <summary>A queue second by second.</summary>
/// <param name="Samples">At most 300, oldest first.</param>
public sealed record QueueHistory(string Name, IReadOnlyList<QueueSample> Samples);

public sealed record QueueSample(
    DateTimeOffset At, IReadOnlyList<long> ReadyByPriority, long Delayed, long InFlight, long Dead, QueueRates Rates);
