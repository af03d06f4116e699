using System.Diagnostics;
using System.Text.Json;
using Quorate.Contracts.Queues;
using Quorate.Core.StateMachine.Queues;

namespace Quorate.Gateway.Endpoints;

/// <summary>Queues in the words of the contract.</summary>
internal static class QueueViews
{
    private const int ShownConsumers = 100;

    /// <param name="recent">The newest depths; null leaves them out.</param>
    public static QueueView Of(MessageQueue queue, DateTimeOffset now, QueueRates rates, IReadOnlyList<long>? recent)
    {
        DateTimeOffset? oldest = Views.Time(queue.OldestEnqueuedAt);
        var counters = queue.Counters;
        return new QueueView(
            queue.Name,
            Of(queue.Settings),
            Views.Time(queue.CreatedAt),
            queue.Ready,
            [.. queue.ReadyByPriority],
            queue.Delayed,
            queue.InFlight,
            queue.Dead,
            queue.Bytes,
            oldest is { } at ? Math.Max(0, (long)(now - at).TotalMilliseconds) : null,
            oldest,
            queue.Waiting,
            new QueueCounts(
                counters.Enqueued, counters.Delivered, counters.Acked, counters.Redelivered,
                counters.DeadLettered, counters.Purged, counters.Dropped, counters.Duplicates),
            rates,
            Consumers(queue),
            recent);
    }

    public static QueueConfiguration Of(QueueSettings settings) => new(
        settings.MaxDeliveries,
        settings.VisibilityMs,
        settings.MaxLength,
        settings.MaxBytes,
        settings.Overflow == QueueOverflow.DropOldest ? QueueOverflows.DropOldest : QueueOverflows.Reject,
        settings.DedupWindowMs);

    public static QueueMessageView Of(QueueMessage message, MessageState state)
    {
        var truncated = message.Body.Length > Views.PreviewBytes;
        return new QueueMessageView(
            message.Id,
            Of(state),
            truncated ? null : JsonElement.Parse(message.Body.Span),
            message.Body.Length,
            truncated,
            message.Priority,
            message.Deliveries,
            message.Headers.ToDictionary(header => header.Key, header => header.Value),
            message.DedupId,
            Views.Time(message.EnqueuedAt),
            Views.Time(message.Since),
            Views.Time(message.Due),
            message.Consumer);
    }

    public static string Of(MessageState state) => state switch
    {
        MessageState.Ready => MessageStates.Ready,
        MessageState.Delayed => MessageStates.Delayed,
        MessageState.InFlight => MessageStates.InFlight,
        MessageState.Dead => MessageStates.Dead,
        _ => throw new UnreachableException(state.ToString()),
    };

    public static IReadOnlyList<string> Of(IReadOnlyList<Receipt> receipts) => [.. receipts.Select(QueueRequests.Text)];

    private static List<QueueConsumerView> Consumers(MessageQueue queue)
    {
        var waiting = queue.Waits().Take(MessageQueue.MaxConsumers).CountBy(wait => wait.Consumer).ToDictionary();
        return
        [
            .. queue.Consumers()
                .OrderByDescending(consumer => consumer.InFlight)
                .ThenByDescending(consumer => consumer.LastSeen)
                .Take(ShownConsumers)
                .Select(consumer => new QueueConsumerView(
                    consumer.Name, consumer.InFlight, waiting.GetValueOrDefault(consumer.Name), consumer.Delivered, consumer.Acked, Views.Time(consumer.LastSeen))),
        ];
    }
}
