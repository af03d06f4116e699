using Quorate.Simulation.Checking;

namespace Quorate.Simulation.Histories;

/// <summary>
/// Makes the history of a queue easier to judge without changing the verdict: operations without an answer may have taken effect at any
/// later moment, and each of them doubles what there is to try.
/// </summary>
/// <remarks>
/// What brings a message back into the queue took effect before that message was next delivered, so it ended by then; if it never was
/// delivered again, leaving it out only makes other operations possible, and whoever took the message unheard is left out with it. An ack
/// without an answer makes no difference: without timeouts the message stays invisible either way. Dequeues without an answer are alike,
/// so they are numbered, and the model lets them happen in that order only.
/// </remarks>
internal static class QueueHistory
{
    public static IReadOnlyList<Timed<QueueOperation>> Reduce(IReadOnlyList<Timed<QueueOperation>> history)
    {
        var reduced = new List<Timed<QueueOperation>>(history.Count);
        var untold = 0;
        foreach (var timed in history.OrderBy(timed => timed.Called))
        {
            var operation = timed.Operation;
            if (!timed.IsPending)
            {
                reduced.Add(timed);
            }
            else if (operation.Action == QueueAction.Dequeue)
            {
                reduced.Add(timed with { Operation = operation with { Delivery = ++untold } });
            }
            else if (operation.Action != QueueAction.Ack && Reappears(history, operation) is { } moment)
            {
                reduced.Add(timed with { Returned = moment, Operation = operation with { Succeeded = true } });
            }
        }

        return reduced;
    }

    /// <summary>When the message was next delivered to somebody who was told; null: never.</summary>
    private static long? Reappears(IReadOnlyList<Timed<QueueOperation>> history, QueueOperation back)
    {
        var next = history
            .Where(timed => !timed.IsPending && timed.Operation.Action == QueueAction.Dequeue)
            .Where(timed => timed.Operation.Message == back.Message && timed.Operation.Delivery > back.Delivery)
            .OrderBy(timed => timed.Operation.Delivery)
            .ToList();
        return next.Count == 0 ? null : next[0].Returned;
    }
}
