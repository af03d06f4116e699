namespace Quorate.Core.StateMachine.Queues;

/// <summary>How messages go out: to consumers that ask and consumers that wait, and back from them.</summary>
public sealed partial class MessageQueue
{
    internal QueueResult Apply(QueueDequeue dequeue, in ApplyContext context)
    {
        ForgetConsumers(context);
        var visibility = dequeue.VisibilityMs ?? Settings.VisibilityMs;
        if (Ready > 0 || dequeue.WaitMs <= 0)
        {
            return new QueueResult.Delivered(Deliver(dequeue.Consumer, dequeue.Max, visibility, context));
        }

        if (_waits.Count >= MaxWaiters)
        {
            return new QueueResult.TooManyWaiters(MaxWaiters);
        }

        var wait = new QueueWait(
            context.Index, dequeue.Consumer, dequeue.Max, visibility, context.Time, context.Time.AddMs(dequeue.WaitMs));
        Restore(wait);
        See(dequeue.Consumer, delivered: 0, context);
        return new QueueResult.Waiting(wait.Ticket);
    }

    internal QueueResult Apply(QueueCancelWait cancel, in ApplyContext context)
    {
        if (_waits.TryGet(cancel.Ticket, out var wait))
        {
            EndWait(wait, [], context);
        }

        return new QueueResult.Delivered([]);
    }

    internal QueueResult Apply(QueueAck ack, in ApplyContext context)
    {
        var (held, stale) = Held(ack.Receipts, context);
        foreach (var message in held)
        {
            TakeBack(message, acked: true);
        }

        _counters = _counters with { Acked = _counters.Acked + held.Count };
        return new QueueResult.Settled(held.Count, stale);
    }

    internal QueueResult Apply(QueueNack nack, in ApplyContext context)
    {
        var (held, stale) = Held(nack.Receipts, context);
        foreach (var message in held)
        {
            GiveBack(message, nack.DelayMs, context);
        }

        ServeWaiting(context);
        return new QueueResult.Settled(held.Count, stale);
    }

    internal QueueResult Apply(QueueExtend extend, in ApplyContext context)
    {
        var (held, stale) = Held(extend.Receipts, context);
        var due = context.Time.AddMs(extend.VisibilityMs ?? Settings.VisibilityMs);
        foreach (var message in held)
        {
            _visibilityDue.Remove(message.Due, message.Id);
            Put(MessageState.InFlight, message with { Due = due });
        }

        return new QueueResult.Extended(held.Count, due, stale);
    }

    /// <summary>What is due now: delays and visibility timeouts that end, and consumers that have waited long enough.</summary>
    /// <param name="budget">Things that may still change within this entry.</param>
    internal void ExpireDue(in ApplyContext context, ref int budget)
    {
        // Each step serves those that wait, so that the ones in front get what came before they gave up.
        for (; budget > 0 && _delayDue.TryTakeDue(context.Time, out var id); budget--)
        {
            _delayed.TryGet(id, out var message);
            Take(MessageState.Delayed, message!);
            MakeReady(message!, atEnd: true, context);
            ServeWaiting(context);
        }

        for (; budget > 0 && _visibilityDue.TryTakeDue(context.Time, out var id); budget--)
        {
            _inFlight.TryGet(id, out var message);
            GiveBack(message!, delayMs: 0, context);
            ServeWaiting(context);
        }

        for (; budget > 0 && _waitDue.TryTakeDue(context.Time, out var ticket); budget--)
        {
            _waits.TryGet(ticket, out var wait);
            EndWait(wait!, [], context);
        }
    }

    /// <summary>The queue is deleted: nobody waits any longer.</summary>
    internal void EndWaits(in ApplyContext context)
    {
        foreach (var wait in Waits().ToList())
        {
            context.Events.Add(new StateEvent.QueueWaitEnded(wait.Ticket, new QueueResult.NotFound()));
        }
    }

    private void ServeWaiting(in ApplyContext context)
    {
        while (Ready > 0 && _waits.Count > 0)
        {
            var first = _waits.All().First().Value;
            EndWait(first, Deliver(first.Consumer, first.Max, first.VisibilityMs, context), context);
        }
    }

    private void EndWait(QueueWait wait, IReadOnlyList<QueueMessage> messages, in ApplyContext context)
    {
        _waits.Remove(wait.Ticket);
        _waitDue.Remove(wait.Until, wait.Ticket);
        context.Events.Add(new StateEvent.QueueWaitEnded(wait.Ticket, new QueueResult.Delivered(messages)));
    }

    private List<QueueMessage> Deliver(string consumer, int max, long visibilityMs, in ApplyContext context)
    {
        var messages = new List<QueueMessage>();
        long bytes = 0;
        foreach (var (_, message) in _ready.All())
        {
            bytes += message.Size;
            if (messages.Count >= max || (messages.Count > 0 && bytes > MaxDeliveredBytes))
            {
                break;
            }

            messages.Add(message);
        }

        var due = context.Time.AddMs(visibilityMs);
        var again = 0;
        for (var i = 0; i < messages.Count; i++)
        {
            var message = messages[i];
            Take(MessageState.Ready, message);
            again += message.Deliveries > 0 ? 1 : 0;
            messages[i] = message with
            {
                Deliveries = message.Deliveries + 1, Since = context.Time, Due = due, Delivery = _sequence.Next(), Consumer = consumer,
            };
            Put(MessageState.InFlight, messages[i]);
        }

        See(consumer, messages.Count, context);
        _counters = _counters with { Delivered = _counters.Delivered + messages.Count, Redelivered = _counters.Redelivered + again };
        return messages;
    }

    /// <summary>Whether a receipt is void, and so the whole of them is refused.</summary>
    internal QueueResult.Settled? Refuse(IReadOnlyList<Receipt> receipts, in ApplyContext context) =>
        Held(receipts, context).Stale is { Count: > 0 } stale ? new QueueResult.Settled(0, stale) : null;

    private (List<QueueMessage> Held, List<Receipt> Stale) Held(IReadOnlyList<Receipt> receipts, in ApplyContext context)
    {
        var (held, stale) = (new List<QueueMessage>(receipts.Count), new List<Receipt>());
        var seen = new SortedSet<long>();
        foreach (var receipt in receipts)
        {
            if (_inFlight.TryGet(receipt.Message, out var message)
                && message.Delivery == receipt.Delivery
                && message.Due > context.Time
                && seen.Add(message.Id))
            {
                held.Add(message);
            }
            else
            {
                stale.Add(receipt);
            }
        }

        return (held, stale);
    }

    private void GiveBack(QueueMessage message, long delayMs, in ApplyContext context)
    {
        TakeBack(message, acked: false);
        if (message.Deliveries >= Settings.MaxDeliveries)
        {
            Bury(message, context);
        }
        else if (delayMs > 0)
        {
            Put(MessageState.Delayed, message with { Since = context.Time, Due = context.Time.AddMs(delayMs) });
        }
        else
        {
            MakeReady(message, atEnd: false, context);
        }
    }

    private void TakeBack(QueueMessage message, bool acked)
    {
        Take(MessageState.InFlight, message);
        if (_consumers.TryGet(message.Consumer!, out var consumer))
        {
            Store(consumer with { InFlight = consumer.InFlight - 1, Acked = consumer.Acked + (acked ? 1 : 0) }, consumer);
        }
    }

    private void See(string name, int delivered, in ApplyContext context)
    {
        var known = _consumers.TryGet(name, out var previous);
        var consumer = known ? previous! : new QueueConsumer(name, 0, 0, 0, context.Time);
        Store(
            consumer with { InFlight = consumer.InFlight + delivered, Delivered = consumer.Delivered + delivered, LastSeen = context.Time },
            known ? previous : null);
    }

    private void ForgetConsumers(in ApplyContext context)
    {
        while (_idle.TryTakeDue(_consumers.Count > MaxConsumers ? Clocks.HlcTimestamp.Never : context.Time.AddMs(-KeptConsumerMs), out var name))
        {
            _consumers.Remove(name);
        }
    }
}
