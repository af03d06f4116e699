using Quorate.Contracts.Live;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Events;
using Quorate.Gateway.Endpoints;
using Quorate.Node.Access;

namespace Quorate.Gateway.Live;

/// <summary>
/// Events whose topic matches a pattern, one by one and in order. Its versions are the numbers of the cluster's events, so a
/// subscriber may resume at any gateway. Local events travel along: they have no number, and one that is away misses them.
/// One instance serves one subscriber.
/// </summary>
public sealed class BusTopic : ITopic, IDisposable
{
    private const int ShownEvents = 100;

    /// <summary>Events of one message, and the bytes of their payloads.</summary>
    private const int MaxEvents = 500;

    private const long MaxBytes = 1L << 20;

    /// <summary>After so many events without interest the subscriber is told how far it is, so that it can resume from there.</summary>
    private const long Quiet = EventTable.KeptEvents / 4;

    private readonly string _pattern;
    private readonly ClusterClient _cluster;
    private readonly EventBus _bus;
    private long _local;

    public BusTopic(string name, string pattern, ClusterClient cluster, EventBus bus)
    {
        (Name, _pattern, _cluster, _bus) = (name, pattern, cluster, bus);
        _local = bus.LastLocal;
        bus.Joined();
    }

    public string Name { get; }

    public long Version => _cluster.Peek(state => state.Events.LastSequence);

    public TopicRead Snapshot() => _cluster.Peek(state => All(state, missed: null));

    public TopicRead? Since(long version)
    {
        var (local, last) = _bus.LocalAfter(_local, _pattern);
        var read = _cluster.Peek(state => Since(version, local, state));
        _local = last;
        if (read is { IsDelta: true, Payload: BusPayload { Events.Count: var count } })
        {
            _bus.Deliver(count);
        }

        return read;
    }

    public void Dispose() => _bus.Left();

    private TopicRead? Since(long version, IReadOnlyList<LocalEvent> local, ClusterState state)
    {
        var events = state.Events;
        if (version > events.LastSequence)
        {
            return All(state, missed: 0);
        }

        if (version < events.FirstSequence - 1)
        {
            return All(state, missed: events.FirstSequence - 1 - version);
        }

        var found = new List<BusEvent>();
        var (reached, bytes) = (version, 0L);
        foreach (var item in events.After(version))
        {
            if (found.Count >= MaxEvents || bytes >= MaxBytes)
            {
                break;
            }

            reached = item.Sequence;
            if (TopicPattern.Matches(_pattern, item.Topic))
            {
                found.Add(item);
                bytes += item.Payload.Length;
            }
        }

        return found.Count > 0 || local.Count > 0 || reached - version >= Quiet
            ? new TopicRead(reached, new BusPayload([.. found.Select(EventViews.Of), .. local.Select(EventViews.Of)]), IsDelta: true)
            {
                HasMore = reached < events.LastSequence,
            }
            : null;
    }

    private TopicRead All(ClusterState state, long? missed)
    {
        var newest = state.Events.After(state.Events.FirstSequence - 1).Where(item => TopicPattern.Matches(_pattern, item.Topic)).TakeLast(ShownEvents);
        return new TopicRead(state.Events.LastSequence, new BusPayload([.. newest.Select(EventViews.Of)]), IsDelta: false, missed);
    }
}
