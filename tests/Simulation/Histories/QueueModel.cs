using Quorate.Simulation.Checking;

namespace Quorate.Simulation.Histories;

internal enum QueueAction
{
    Enqueue,
    Dequeue,
    Ack,

    /// <summary>Gives a message back, to its old place.</summary>
    Nack,
}

/// <summary>One use of a queue and how it ended. No two messages are equal, and every delivery has a number of its own.</summary>
/// <param name="Message">Enqueued, delivered or settled; <see cref="QueueModel.None"/>: a dequeue found nothing.</param>
/// <param name="Priority">Of an enqueue.</param>
/// <param name="Delivery">
/// Given with the message by a dequeue, shown by an ack or nack; the number of a dequeue among those that were not answered
/// (<see cref="QueueHistory"/>).
/// </param>
/// <param name="Succeeded">Of an ack or nack, whether the delivery was still the valid one; null when nobody knows how the operation ended.</param>
internal readonly record struct QueueOperation(QueueAction Action, string Message, int Priority = 0, long Delivery = 0, bool? Succeeded = null);

/// <param name="Delivery">0: ready.</param>
internal readonly record struct QueuedMessage(string Message, int Priority, long Delivery);

/// <summary>
/// One queue without timeouts: the highest priority goes first, first in first out within one, to one consumer at a time; what is acked
/// is gone. Histories come by <see cref="QueueHistory"/>. The state is every message that is not, in the order of delivery.
/// </summary>
internal sealed class QueueModel : IModel<ValueList<QueuedMessage>, QueueOperation>
{
    public const string None = "";

    // Of a delivery whose consumer was not told.
    private const long Untold = -1;

    public ValueList<QueuedMessage> Initial => ValueList<QueuedMessage>.Empty;

    public bool TryStep(ValueList<QueuedMessage> state, QueueOperation operation, out ValueList<QueuedMessage> next)
    {
        (var possible, next) = operation.Action switch
        {
            QueueAction.Enqueue => (true, Enqueue(state, operation)),
            QueueAction.Dequeue => Dequeue(state, operation),
            QueueAction.Ack => Settle(state, operation, state.Without),
            QueueAction.Nack => Settle(state, operation, at => state.Replace(at, state.Items[at] with { Delivery = 0 })),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        return possible;
    }

    private static ValueList<QueuedMessage> Enqueue(ValueList<QueuedMessage> state, QueueOperation operation)
    {
        var behind = state.Find(other => other.Priority < operation.Priority);
        return state.With(behind < 0 ? state.Count : behind, new QueuedMessage(operation.Message, operation.Priority, Delivery: 0));
    }

    private static (bool Possible, ValueList<QueuedMessage> Next) Dequeue(ValueList<QueuedMessage> state, QueueOperation operation)
    {
        var first = state.Find(message => message.Delivery == 0);
        if (operation.Succeeded is null)
        {
            var isNext = state.Items.Count(message => message.Delivery == Untold) + 1 == operation.Delivery;
            return (isNext && first >= 0, first < 0 ? state : state.Replace(first, state.Items[first] with { Delivery = Untold }));
        }

        return first < 0
            ? (operation.Message == None, state)
            : (operation.Message == state.Items[first].Message, state.Replace(first, state.Items[first] with { Delivery = operation.Delivery }));
    }

    private static (bool Possible, ValueList<QueuedMessage> Next) Settle(
        ValueList<QueuedMessage> state, QueueOperation operation, Func<int, ValueList<QueuedMessage>> settled)
    {
        var at = state.Find(message => message.Message == operation.Message && message.Delivery == operation.Delivery);
        return (operation.Succeeded == at >= 0, at < 0 ? state : settled(at));
    }
}
