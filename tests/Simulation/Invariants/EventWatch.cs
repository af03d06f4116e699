using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Events;
using Quorate.Simulation.Running;

namespace Quorate.Simulation.Invariants;

/// <summary>Events are numbered without gaps, and whoever goes on after a number, at any gateway, gets each that follows once.</summary>
internal sealed class EventWatch
{
    private readonly List<BusEvent> _events = [];

    public void Applied(IReadOnlyList<StateEvent> events)
    {
        foreach (var change in events)
        {
            if (change is StateEvent.EventPublished { Event: var item })
            {
                SimulationFailure.Unless(
                    item.Sequence == _events.Count + 1, Invariant.EventsGapFree, $"event {item.Sequence} follows event {_events.Count}");
                _events.Add(item);
            }
        }
    }

    /// <summary>A publisher was told its event's number.</summary>
    public void Acknowledged(string client, string topic, long sequence) => SimulationFailure.Unless(
        sequence <= _events.Count && _events[(int)sequence - 1].Topic == topic,
        Invariant.EventsGapFree,
        $"{client} was told that its event of {topic} has number {sequence}, which the log does not say");

    /// <summary>A subscriber that has everything up to <paramref name="last"/> got an event.</summary>
    public void Received(string client, long last, BusEvent item) => SimulationFailure.Unless(
        item.Sequence == last + 1
            && item.Sequence <= _events.Count
            && _events[(int)last] is var published
            && (published.Index, published.Topic, published.From) == (item.Index, item.Topic, item.From),
        Invariant.EventsGapFree,
        $"{client} got event {item.Sequence} of {item.Topic} after event {last}");
}
