using System.Text.Json;
using Quorate.Core.StateMachine.Events;
using Quorate.Node.Access;

namespace Quorate.Gateway.Live;

/// <summary>An event of local scope.</summary>
/// <param name="Number">Counted by this gateway, from 1.</param>
public sealed record LocalEvent(long Number, DateTimeOffset At, string Topic, string? From, JsonElement Payload, string? Reason);

/// <summary>
/// What of the event bus belongs to one gateway: events of local scope, a few of them kept so that they can be handed on in steps, and
/// the count of subscribers and deliveries. Events of the cluster are in the replicated state.
/// </summary>
public sealed class EventBus(ClusterClient cluster, ChangeFeed feed, TimeProvider time)
{
    /// <summary>Local events kept for subscribers who read in larger steps.</summary>
    private const int KeptLocal = 1000;

    private readonly Queue<LocalEvent> _local = new();
    private readonly Lock _gate = new();
    private long _published;
    private long _delivered;
    private int _subscribers;

    /// <summary>The newest local event's number.</summary>
    public long LastLocal { get; private set; }

    /// <summary>Local events published, forwarded ones not counted.</summary>
    public long Published => Interlocked.Read(ref _published);

    public long Delivered => Interlocked.Read(ref _delivered);

    public int Subscribers => Volatile.Read(ref _subscribers);

    /// <summary>Publishes an event to those who listen at this gateway, by the routing rules of the cluster.</summary>
    /// <returns>The topics it went to.</returns>
    public IReadOnlyList<string> PublishLocal(string topic, JsonElement payload, string? reason)
    {
        var targets = cluster.Peek(state => state.Events.Routing).TargetsOf(topic);
        lock (_gate)
        {
            foreach (var target in targets)
            {
                _local.Enqueue(new LocalEvent(++LastLocal, time.GetUtcNow(), target, target == topic ? null : topic, payload, reason));
                while (_local.Count > KeptLocal)
                {
                    _local.Dequeue();
                }
            }
        }

        Interlocked.Increment(ref _published);
        feed.Signal.Pulse();
        return targets;
    }

    /// <summary>Local events after a number, as far as they are kept, oldest first; and the newest number there is.</summary>
    public (IReadOnlyList<LocalEvent> Events, long Last) LocalAfter(long number, string pattern)
    {
        lock (_gate)
        {
            return number == LastLocal
                ? ([], number)
                : ([.. _local.Where(item => item.Number > number && TopicPattern.Matches(pattern, item.Topic))], LastLocal);
        }
    }

    public void Joined() => Interlocked.Increment(ref _subscribers);

    public void Left() => Interlocked.Decrement(ref _subscribers);

    public void Deliver(int events) => Interlocked.Add(ref _delivered, events);
}
