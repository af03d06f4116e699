using System.Diagnostics.Metrics;
using Quorate.Core.StateMachine.Queues;
using Quorate.Node.Access;

namespace Quorate.Gateway.Metrics;

/// <summary>The instruments of queues, one series per queue for the first <see cref="MaxQueues"/> by name.</summary>
internal static class QueueMeter
{
    private const int MaxQueues = 200;

    public static void Register(Meter meter, ClusterClient cluster, TimeProvider time)
    {
        meter.CreateObservableGauge(
            "quorate_queue_messages",
            () => Read(cluster, queue => States.Select(state => Of(queue.CountOf(state.State), queue, state.Label))),
            description: "Messages in a queue, by state.");
        meter.CreateObservableGauge(
            "quorate_queue_waiting_consumers", () => Each(cluster, queue => queue.Waiting), description: "Consumers that wait for a message.");
        meter.CreateObservableGauge(
            "quorate_queue_oldest_age_seconds",
            () => Each(cluster, queue => queue.OldestEnqueuedAt is { } at ? Math.Max(0, (time.GetUtcNow().ToUnixTimeMilliseconds() - at.UnixMs) / 1000.0) : 0),
            description: "Age of the oldest message that is next to be delivered.");
        Counter("quorate_queue_enqueued_total", counters => counters.Enqueued, "Messages enqueued.");
        Counter("quorate_queue_delivered_total", counters => counters.Delivered, "Deliveries, repeated ones included.");
        Counter("quorate_queue_acked_total", counters => counters.Acked, "Messages acked.");
        Counter("quorate_queue_redelivered_total", counters => counters.Redelivered, "Deliveries of messages that had been delivered before.");
        Counter("quorate_queue_dead_lettered_total", counters => counters.DeadLettered, "Times a message became dead.");
        Counter("quorate_queue_purged_total", counters => counters.Purged, "Messages purged.");
        Counter("quorate_queue_dropped_total", counters => counters.Dropped, "Messages that gave way to newer ones in a full queue.");

        void Counter(string name, Func<QueueCounters, long> value, string description) =>
            meter.CreateObservableCounter(name, () => Each(cluster, queue => value(queue.Counters)), description: description);
    }

    private static readonly (MessageState State, string Label)[] States =
        [(MessageState.Ready, "ready"), (MessageState.Delayed, "delayed"), (MessageState.InFlight, "inflight"), (MessageState.Dead, "dead")];

    private static List<Measurement<double>> Each(ClusterClient cluster, Func<MessageQueue, double> value) =>
        Read(cluster, queue => [new Measurement<double>(value(queue), new KeyValuePair<string, object?>("queue", queue.Name))]);

    private static List<Measurement<double>> Read(ClusterClient cluster, Func<MessageQueue, IEnumerable<Measurement<double>>> measure) =>
        cluster.Peek(state => state.Queues.Range("").Take(MaxQueues).SelectMany(measure).ToList());

    private static Measurement<double> Of(long value, MessageQueue queue, string state) =>
        new(value, new KeyValuePair<string, object?>("queue", queue.Name), new KeyValuePair<string, object?>("state", state));
}
