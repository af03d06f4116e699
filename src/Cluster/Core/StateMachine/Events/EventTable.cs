using Quorate.Core.Clocks;
using Quorate.Core.Collections;

namespace Quorate.Core.StateMachine.Events;

/// <summary>An event as everybody gets it.</summary>
/// <param name="Sequence">Counted over all events, from 1, without gaps.</param>
/// <param name="Index">Log index of the entry that published it.</param>
/// <param name="From">The topic it was published under, when a rule forwarded it.</param>
/// <param name="Reason">Why, as the publisher said.</param>
public sealed record BusEvent(
    long Sequence, long Index, HlcTimestamp At, string Topic, string? From, ReadOnlyMemory<byte> Payload, string? Reason)
{
    /// <summary>Bytes that an event counts with, beside its payload and topic.</summary>
    public const int Overhead = 128;

    public long Cost => Overhead + Payload.Length + Topic.Length;
}

/// <summary>How much was published under a topic.</summary>
public sealed record TopicCount(string Topic, long Published, long LastSequence, HlcTimestamp LastAt);

/// <param name="Published">Events published, forwarded ones not counted.</param>
/// <param name="Forwarded">Copies made by rules.</param>
/// <param name="Dropped">Events that a rule kept from everybody who listens to their own topic.</param>
public sealed record EventCounters(long Published, long Forwarded, long Dropped)
{
    public static readonly EventCounters Zero = new(0, 0, 0);
}

/// <summary>The events of the cluster: the newest are kept, so that listeners can go on where they were.</summary>
/// <remarks>
/// Invariants: 1. kept events are numbered without gaps up to <see cref="LastSequence"/>, in the order of their times; 2. <see cref="Bytes"/> are theirs,
/// within <see cref="KeptBytes"/> unless one alone is larger; 3. every number is of an event that was published or forwarded and not dropped.
/// </remarks>
public sealed class EventTable
{
    /// <summary>Events kept.</summary>
    public const int KeptEvents = 10_000;

    /// <summary>What they may count together, each with <see cref="BusEvent.Overhead"/>.</summary>
    public const long KeptBytes = 16L << 20;

    /// <summary>Topics counted one by one; beyond it, the one silent longest is forgotten.</summary>
    public const int CountedTopics = 1000;

    private readonly CowTree<long, BusEvent> _events = new(Comparer<long>.Default);
    private readonly CowTree<string, TopicCount> _topics = new(StringComparer.Ordinal);

    // Derived: topics by how long they are silent.
    private readonly SortedSet<(long LastSequence, string Topic)> _silent = new(Comparer<(long, string)>.Create((a, b) => a.Item1.CompareTo(b.Item1)));

    public EventRouting Routing { get; private set; } = EventRouting.None;

    public EventCounters Counters { get; private set; } = EventCounters.Zero;

    /// <summary>The newest event's number; 0 before the first.</summary>
    public long LastSequence { get; private set; }

    /// <summary>The oldest kept event's number; one more than <see cref="LastSequence"/> when none is kept.</summary>
    public long FirstSequence => LastSequence - _events.Count + 1;

    public int Count => _events.Count;

    public long Bytes { get; private set; }

    /// <summary>Kept events after a number, oldest first. The table must not change meanwhile.</summary>
    public IEnumerable<BusEvent> After(long sequence) => _events.From(sequence + 1).Select(pair => pair.Value);

    /// <summary>How many of the kept events are not older than a time.</summary>
    public long CountSince(HlcTimestamp time)
    {
        var (low, high) = (FirstSequence, LastSequence + 1);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (_events.TryGet(middle, out var item) && item.At >= time)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return LastSequence + 1 - low;
    }

    public IEnumerable<TopicCount> Topics() => _topics.All().Select(pair => pair.Value);

    internal (CowTree<long, BusEvent>.Frozen Events, CowTree<string, TopicCount>.Frozen Topics) Freeze() => (_events.Freeze(), _topics.Freeze());

    internal CommandResult.EventPublished Apply(EventPublish publish, in ApplyContext context)
    {
        var targets = Routing.TargetsOf(publish.Topic);
        long? sequence = null;
        foreach (var target in targets)
        {
            var own = target == publish.Topic;
            var item = new BusEvent(
                LastSequence + 1, context.Index, context.Time, target, own ? null : publish.Topic, publish.Payload, context.Reason);
            Keep(item);
            Tally(item);
            context.Events.Add(new StateEvent.EventPublished(item));
            sequence = own ? item.Sequence : sequence;
        }

        var forwarded = targets.Count - (sequence is null ? 0 : 1);
        Counters = new EventCounters(Counters.Published + 1, Counters.Forwarded + forwarded, Counters.Dropped + (sequence is null ? 1 : 0));
        return new CommandResult.EventPublished(sequence, forwarded);
    }

    internal CommandResult Apply(EventRoute route, in ApplyContext context)
    {
        if (route.Expected is { } expected && expected != Routing.Version)
        {
            return new CommandResult.EventRoutingMismatch(Routing.Version);
        }

        Routing = new EventRouting(context.Index, route.Rules);
        return new CommandResult.EventRouted(context.Index);
    }

    internal void Restore(BusEvent item)
    {
        LastSequence = item.Sequence;
        Bytes += item.Cost;
        _events.Set(item.Sequence, item);
    }

    internal void Restore(TopicCount topic)
    {
        _topics.Set(topic.Topic, topic);
        _silent.Add((topic.LastSequence, topic.Topic));
    }

    internal void Restore(EventRouting routing, EventCounters counters, long lastSequence) =>
        (Routing, Counters, LastSequence) = (routing, counters, lastSequence);

    private void Keep(BusEvent item)
    {
        LastSequence = item.Sequence;
        Bytes += item.Cost;
        _events.Set(item.Sequence, item);
        while (_events.Count > KeptEvents || (Bytes > KeptBytes && _events.Count > 1))
        {
            _events.TryGet(FirstSequence, out var oldest);
            Bytes -= oldest!.Cost;
            _events.Remove(oldest.Sequence);
        }
    }

    private void Tally(BusEvent item)
    {
        var known = _topics.TryGet(item.Topic, out var count);
        if (known)
        {
            _silent.Remove((count!.LastSequence, item.Topic));
        }

        _topics.Set(item.Topic, new TopicCount(item.Topic, (known ? count!.Published : 0) + 1, item.Sequence, item.At));
        _silent.Add((item.Sequence, item.Topic));
        if (_topics.Count > CountedTopics)
        {
            _topics.Remove(_silent.Min.Topic);
            _silent.Remove(_silent.Min);
        }
    }
}
