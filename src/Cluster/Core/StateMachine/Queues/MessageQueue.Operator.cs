namespace Quorate.Core.StateMachine.Queues;

/// <summary>What an operator may do with messages.</summary>
public sealed partial class MessageQueue
{
    internal QueueResult Apply(QueuePurge purge)
    {
        var count = CountOf(purge.State);
        if (purge.Max is { } max && max < count)
        {
            var some = Browse(purge.State).Take(Math.Min(max, MaxMoved)).ToList();
            foreach (var message in some)
            {
                Remove(purge.State, message);
            }

            count = some.Count;
        }
        else
        {
            Clear(purge.State);
        }

        _counters = _counters with { Purged = _counters.Purged + count };
        return new QueueResult.Purged(count, CountOf(purge.State));
    }

    internal QueueResult Apply(QueueRedrive redrive, in ApplyContext context)
    {
        var chosen = Choose(MessageState.Dead, redrive.Ids, redrive.Max);
        foreach (var message in chosen)
        {
            Take(MessageState.Dead, message);
            MakeReady(message with { Deliveries = 0 }, atEnd: true, context);
        }

        ServeWaiting(context);
        return new QueueResult.Moved(chosen.Count, Dead);
    }

    internal QueueResult Apply(QueueRequeue requeue, in ApplyContext context)
    {
        var chosen = Choose(requeue.From, requeue.Ids, requeue.Max);
        foreach (var message in chosen)
        {
            Remove(requeue.From, message);
            MakeReady(message, atEnd: requeue.From == MessageState.Delayed, context);
        }

        ServeWaiting(context);
        return new QueueResult.Moved(chosen.Count, CountOf(requeue.From));
    }

    private List<QueueMessage> Choose(MessageState state, IReadOnlyList<long>? ids, int? max)
    {
        var limit = Math.Min(max ?? MaxMoved, MaxMoved);
        return ids is null
            ? [.. Browse(state).Take(limit)]
            : [.. ids.Distinct().Take(limit).Select(id => ById(state).TryGet(id, out var message) ? message : null).OfType<QueueMessage>()];
    }

    private void Remove(MessageState state, QueueMessage message)
    {
        if (state == MessageState.InFlight)
        {
            TakeBack(message, acked: false);
        }
        else
        {
            Take(state, message);
        }
    }
}
