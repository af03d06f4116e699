namespace Quorate.Core.StateMachine.Queues;

/// <summary>How messages come in: deduplication, the limits, and what is dropped for them.</summary>
public sealed partial class MessageQueue
{
    internal QueueResult Apply(QueueEnqueue enqueue, in ApplyContext context)
    {
        if (Refuse(enqueue.Messages, context) is { } full)
        {
            return full;
        }

        ForgetDedupIds(context);
        var answers = new EnqueuedMessage[enqueue.Messages.Count];
        for (var i = 0; i < answers.Length; i++)
        {
            answers[i] = Enqueue(enqueue.Messages[i], keepsEntry: answers.Length == 1, context);
        }

        ServeWaiting(context);
        DropOverflow();
        return new QueueResult.Enqueued(answers);
    }

    private EnqueuedMessage Enqueue(NewMessage message, bool keepsEntry, in ApplyContext context)
    {
        if (KnownDuplicate(message.DedupId, context) is { } known)
        {
            _counters = _counters with { Duplicates = _counters.Duplicates + 1 };
            return new EnqueuedMessage(known.Message, Duplicate: true);
        }

        var id = _sequence.Next();

        // A body is a slice of its log entry: one of many would keep them all in memory.
        var body = keepsEntry ? message.Body : message.Body.ToArray();
        var delayed = message.DelayMs > 0;
        var stored = new QueueMessage(
            id, message.Priority, Position: id, body, message.Headers, message.DedupId, context.Time, Deliveries: 0,
            Since: context.Time, Due: delayed ? context.Time.AddMs(message.DelayMs) : null, Delivery: 0, Consumer: null);
        Put(delayed ? MessageState.Delayed : MessageState.Ready, stored);
        _counters = _counters with { Enqueued = _counters.Enqueued + 1 };
        if (message.DedupId is { } dedupId && Settings.DedupWindowMs > 0)
        {
            Remember(new DedupEntry(dedupId, id, context.Time.AddMs(Settings.DedupWindowMs)));
        }

        return new EnqueuedMessage(id, Duplicate: false);
    }

    /// <summary>Whether the queue rejects the messages; duplicates take no room.</summary>
    internal QueueResult.Full? Refuse(IReadOnlyList<NewMessage> messages, in ApplyContext context)
    {
        if (Settings.Overflow != QueueOverflow.Reject || (Settings.MaxLength is null && Settings.MaxBytes is null))
        {
            return null;
        }

        long count = 0, bytes = 0;
        var seen = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var message in messages)
        {
            var repeated = Settings.DedupWindowMs > 0 && message.DedupId is { } dedupId && !seen.Add(dedupId);
            if (!repeated && KnownDuplicate(message.DedupId, context) is null)
            {
                count++;
                bytes += SizeOf(message);
            }
        }

        var fits = Length + count <= (Settings.MaxLength ?? long.MaxValue) && Bytes + bytes <= (Settings.MaxBytes ?? long.MaxValue);
        return fits || count == 0 ? null : new QueueResult.Full(Length, Settings.MaxLength, Bytes, Settings.MaxBytes);
    }

    /// <summary>Drops the oldest of the lowest priority until the queue is within its limits; delayed messages when nothing else is left.</summary>
    private void DropOverflow()
    {
        if (Settings.Overflow != QueueOverflow.DropOldest)
        {
            return;
        }

        while (Length > 0 && (Length > Settings.MaxLength || Bytes > Settings.MaxBytes))
        {
            if (Ready > 0)
            {
                var lowest = Array.FindIndex(_readyByPriority, count => count > 0);
                Take(MessageState.Ready, _ready.From((QueueMessage.MaxPriority - lowest, long.MinValue)).First().Value);
            }
            else
            {
                Take(MessageState.Delayed, _delayed.All().First().Value);
            }

            _counters = _counters with { Dropped = _counters.Dropped + 1 };
        }
    }

    private DedupEntry? KnownDuplicate(string? id, in ApplyContext context) =>
        id is not null && _dedup.TryGet(id, out var entry) && entry.Until > context.Time ? entry : null;

    private void Remember(DedupEntry entry)
    {
        if (_dedup.TryGet(entry.Id, out var previous))
        {
            _dedupDue.Remove(previous.Until, previous.Id);
        }

        _dedup.Set(entry.Id, entry);
        _dedupDue.Add(entry.Until, entry.Id);
    }

    /// <summary>Old ids go when new messages come: no clock entry is worth them.</summary>
    private void ForgetDedupIds(in ApplyContext context)
    {
        while (_dedupDue.TryTakeDue(_dedup.Count > MaxDedupIds ? Clocks.HlcTimestamp.Never : context.Time, out var id))
        {
            _dedup.Remove(id);
        }
    }

    private static long SizeOf(NewMessage message) =>
        message.Body.Length + message.Headers.Sum(header =>
            (long)System.Text.Encoding.UTF8.GetByteCount(header.Key) + System.Text.Encoding.UTF8.GetByteCount(header.Value));
}
