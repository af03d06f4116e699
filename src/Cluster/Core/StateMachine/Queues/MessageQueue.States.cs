using System.Diagnostics;
using Quorate.Core.Collections;

namespace Quorate.Core.StateMachine.Queues;

/// <summary>In and out of each state, with everything that is counted and indexed beside it.</summary>
public sealed partial class MessageQueue
{
    /// <summary>Puts a message into a state. Where its place and its due time are concerned it comes as it shall be.</summary>
    private void Put(MessageState state, QueueMessage message)
    {
        switch (state)
        {
            case MessageState.Ready:
                _ready.Set(message.Place, message);
                _readyByPriority[message.Priority]++;
                _readyBytes += message.Size;
                break;
            case MessageState.Delayed:
                _delayed.Set(message.Id, message);
                _delayDue.Add(message.Due, message.Id);
                _delayedBytes += message.Size;
                break;
            case MessageState.InFlight:
                _inFlight.Set(message.Id, message);
                _visibilityDue.Add(message.Due, message.Id);
                break;
            case MessageState.Dead:
                _dead.Set(message.Id, message);
                break;
            default:
                throw new UnreachableException(state.ToString());
        }
    }

    private void Take(MessageState state, QueueMessage message)
    {
        switch (state)
        {
            case MessageState.Ready:
                _ready.Remove(message.Place);
                _readyByPriority[message.Priority]--;
                _readyBytes -= message.Size;
                break;
            case MessageState.Delayed:
                _delayed.Remove(message.Id);
                _delayDue.Remove(message.Due, message.Id);
                _delayedBytes -= message.Size;
                break;
            case MessageState.InFlight:
                _inFlight.Remove(message.Id);
                _visibilityDue.Remove(message.Due, message.Id);
                break;
            case MessageState.Dead:
                _dead.Remove(message.Id);
                break;
            default:
                throw new UnreachableException(state.ToString());
        }
    }

    /// <summary>Empties a state at once, however much is in it.</summary>
    private void Clear(MessageState state)
    {
        switch (state)
        {
            case MessageState.Ready:
                _ready = NewReady();
                Array.Clear(_readyByPriority);
                _readyBytes = 0;
                break;
            case MessageState.Delayed:
                _delayed = NewById();
                _delayDue = new ExpiryIndex<long>(Comparer<long>.Default);
                _delayedBytes = 0;
                break;
            case MessageState.InFlight:
                _inFlight = NewById();
                _visibilityDue = new ExpiryIndex<long>(Comparer<long>.Default);
                foreach (var consumer in Consumers().Where(consumer => consumer.InFlight > 0).ToList())
                {
                    Store(consumer with { InFlight = 0 }, consumer);
                }

                break;
            case MessageState.Dead:
                _dead = NewById();
                break;
            default:
                throw new UnreachableException(state.ToString());
        }
    }

    /// <summary>Ready again at the place it had, or at the end of its priority.</summary>
    private void MakeReady(QueueMessage message, bool atEnd, in ApplyContext context) => Put(MessageState.Ready, message with
    {
        Position = atEnd ? _sequence.Next() : message.Position,
        Since = context.Time,
        Due = null,
    });

    private void Bury(QueueMessage message, in ApplyContext context)
    {
        Put(MessageState.Dead, message with { Since = context.Time, Due = null });
        _counters = _counters with { DeadLettered = _counters.DeadLettered + 1 };
        if (_dead.Count == 1)
        {
            context.Events.Add(new StateEvent.QueueDeadLetters(Name, message.Id, message.Deliveries));
        }
    }

    private void Store(QueueConsumer consumer, QueueConsumer? previous)
    {
        if (previous is { InFlight: 0 })
        {
            _idle.Remove(previous.LastSeen, previous.Name);
        }

        if (consumer.InFlight == 0)
        {
            _idle.Add(consumer.LastSeen, consumer.Name);
        }

        _consumers.Set(consumer.Name, consumer);
    }
}
