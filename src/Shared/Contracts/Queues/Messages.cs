using System.Text.Json;

namespace Quorate.Contracts.Queues;

/// <param name="Messages">1 to 1000; enqueued in this order, all of them or none.</param>
public sealed record EnqueueRequest(IReadOnlyList<NewQueueMessage> Messages);

/// <param name="Body">Any JSON value.</param>
/// <param name="Priority">0 (default) to 9; 9 is delivered first.</param>
/// <param name="DelayMs">Not delivered for this long: 0 (default) to 2,592,000,000.</param>
/// <param name="DedupId">Within the queue's window a second message with this id is not enqueued. 1 to 512 bytes of UTF-8.</param>
/// <param name="Headers">At most 32 names of 1 to 128 bytes, with values of at most 4096.</param>
public sealed record NewQueueMessage(
    JsonElement? Body, int? Priority = null, long? DelayMs = null, string? DedupId = null, IReadOnlyDictionary<string, string>? Headers = null);

/// <param name="Messages">In the order of the request.</param>
public sealed record EnqueueResponse(IReadOnlyList<EnqueuedMessageView> Messages);

/// <param name="Duplicate">Not enqueued: <paramref name="Id"/> is the message that came with the same deduplication id before.</param>
public sealed record EnqueuedMessageView(long Id, bool Duplicate);

/// <param name="Max">Most messages wanted: 1 (default) to 1000. Fewer come when they are large: beyond 4 MiB in all only the first is certain.</param>
/// <param name="VisibilityMs">How long they are invisible to others: 1 to 86,400,000; null: as the queue is configured.</param>
/// <param name="WaitMs">How long to wait for the first message: 0 (default) to 600,000. Those who wait are served in the order they came.</param>
/// <param name="Consumer">How the queue's list of consumers calls this one; default <c>anonymous</c>.</param>
public sealed record DequeueRequest(int? Max = null, long? VisibilityMs = null, long? WaitMs = null, string? Consumer = null);

/// <param name="Messages">Highest priority first, first in first out within one; none when there are none.</param>
public sealed record DequeueResponse(IReadOnlyList<DeliveredMessage> Messages);

/// <param name="Id">The message, over all its deliveries.</param>
/// <param name="Receipt">This delivery: what ack, nack and extend ask for. Void once <paramref name="VisibleAt"/> has come.</param>
/// <param name="Deliveries">How often it was delivered, this time included.</param>
/// <param name="VisibleAt">When it becomes visible to others again.</param>
public sealed record DeliveredMessage(
    long Id,
    string Receipt,
    JsonElement Body,
    int Priority,
    int Deliveries,
    IReadOnlyDictionary<string, string> Headers,
    string? DedupId,
    DateTimeOffset EnqueuedAt,
    DateTimeOffset VisibleAt);

/// <param name="Receipts">1 to 1000, as dequeue gave them.</param>
public sealed record AckRequest(IReadOnlyList<string> Receipts);

/// <param name="Receipts">1 to 1000, as dequeue gave them.</param>
/// <param name="DelayMs">0 (default): back to their old places at once; else at the end after this long, at most 2,592,000,000.</param>
public sealed record NackRequest(IReadOnlyList<string> Receipts, long? DelayMs = null);

/// <param name="Receipts">1 to 1000, as dequeue gave them.</param>
/// <param name="VisibilityMs">The new timeout, from now: 1 to 86,400,000; null: as the queue is configured.</param>
public sealed record ExtendRequest(IReadOnlyList<string> Receipts, long? VisibilityMs = null);

/// <param name="Count">Messages that were acked or given back.</param>
/// <param name="Stale">Receipts that were void: settled before, or their visibility timeout had ended.</param>
public sealed record SettleResponse(int Count, IReadOnlyList<string> Stale);

/// <param name="VisibleAt">When the messages become visible to others.</param>
public sealed record ExtendResponse(int Count, DateTimeOffset VisibleAt, IReadOnlyList<string> Stale);

/// <param name="State">Which messages: <c>ready</c>, <c>delayed</c>, <c>inflight</c> or <c>dead</c>.</param>
/// <param name="Max">At most so many, those next in order: 1 to 100,000; null: all.</param>
public sealed record PurgeRequest(string State, int? Max = null);

/// <param name="Remaining">Messages left in that state.</param>
public sealed record PurgeResponse(long Purged, long Remaining);

/// <param name="Ids">Which dead messages, 1 to 1000; null: the oldest.</param>
/// <param name="Max">At most so many: 1 to 100,000, which is also the most that one request moves.</param>
public sealed record RedriveRequest(IReadOnlyList<long>? Ids = null, int? Max = null);

/// <param name="State"><c>delayed</c> or <c>inflight</c>; a consumer that has a message loses it.</param>
/// <param name="Ids">Which messages, 1 to 1000; null: the oldest.</param>
/// <param name="Max">At most so many: 1 to 100,000, which is also the most that one request moves.</param>
public sealed record RequeueRequest(string State, IReadOnlyList<long>? Ids = null, int? Max = null);

/// <param name="Moved">Messages that are ready again.</param>
/// <param name="Remaining">Messages left in the state they were taken from.</param>
public sealed record MoveResponse(int Moved, long Remaining);

/// <summary>A message as seen without consuming it.</summary>
/// <param name="State">One of <see cref="MessageStates"/>.</param>
/// <param name="Body">Null when it is larger than 4 KiB (see <paramref name="Truncated"/>).</param>
/// <param name="Size">Bytes of the body as UTF-8 JSON.</param>
/// <param name="Since">Since when it is in this state.</param>
/// <param name="DueAt">When its delay or its visibility timeout ends; null when it is ready or dead.</param>
/// <param name="Consumer">Who has it, or had it last; null before the first delivery.</param>
public sealed record QueueMessageView(
    long Id,
    string State,
    JsonElement? Body,
    int Size,
    bool Truncated,
    int Priority,
    int Deliveries,
    IReadOnlyDictionary<string, string> Headers,
    string? DedupId,
    DateTimeOffset EnqueuedAt,
    DateTimeOffset Since,
    DateTimeOffset? DueAt,
    string? Consumer);
