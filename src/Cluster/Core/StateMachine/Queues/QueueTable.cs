using System.Diagnostics;
using Quorate.Core.Clocks;
using Quorate.Core.Codec;
using Quorate.Core.Collections;

namespace Quorate.Core.StateMachine.Queues;

/// <summary>
/// Message queues: priorities, first in first out within one, delays, visibility timeouts with receipts, dead letters, deduplication
/// and limits. Delivery is at least once; a message that was acked is never delivered again.
/// </summary>
public sealed class QueueTable
{
    /// <summary>
    /// Messages whose time ends within one entry. The rest follows with the next entry, so that a million delays that end
    /// together do not hold up everything else.
    /// </summary>
    public const int MaxDuePerEntry = 10_000;

    private readonly CowTree<string, MessageQueue> _queues = new(StringComparer.Ordinal);
    private readonly ExpiryIndex<string> _due = new(StringComparer.Ordinal);
    private readonly MessageQueue.Sequence _sequence = new();
    private MessageQueue? _restored;

    public int Count => _queues.Count;

    internal HlcTimestamp? NextDue => _due.NextDue;

    /// <summary>To be read while nothing is applied.</summary>
    public MessageQueue? Get(string name) => _queues.TryGet(name, out var queue) ? queue : null;

    /// <summary>Queues by name with a prefix, from <paramref name="from"/> (excluded) on. The table must not change meanwhile.</summary>
    public IEnumerable<MessageQueue> Range(string prefix, string? from = null)
    {
        var start = from is not null && string.CompareOrdinal(from, prefix) > 0 ? from : prefix;
        return _queues.From(start)
            .TakeWhile(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Where(pair => pair.Key != from)
            .Select(pair => pair.Value);
    }

    internal QueueResult Apply(QueueCommand command, in ApplyContext context)
    {
        if (command is QueueConfigure configure)
        {
            return Configure(configure, context);
        }

        if (Get(command.Name) is not { } queue)
        {
            return new QueueResult.NotFound();
        }

        var result = command is QueueDelete ? Delete(queue, context) : Apply(queue, command, context);
        context.Events.Add(new StateEvent.QueueChanged(command.Name));
        return result;
    }

    /// <summary>What the command would be refused with in a transaction, where a single void receipt is enough; null when nothing stands in its way.</summary>
    internal QueueResult? Refusal(QueueCommand command, in ApplyContext context) => Get(command.Name) switch
    {
        null => new QueueResult.NotFound(),
        { } queue => command switch
        {
            QueueEnqueue enqueue => queue.Refuse(enqueue.Messages, context),
            QueueAck ack => queue.Refuse(ack.Receipts, context),
            QueueNack nack => queue.Refuse(nack.Receipts, context),
            _ => throw new UnreachableException(command.GetType().Name),
        },
    };

    internal void ExpireDue(in ApplyContext context)
    {
        var budget = MaxDuePerEntry;
        while (budget > 0 && _due.TryTakeDue(context.Time, out var name))
        {
            var queue = Get(name)!;
            queue.Scheduled = null;
            queue.ExpireDue(context, ref budget);
            Schedule(queue);
            context.Events.Add(new StateEvent.QueueChanged(name));
        }
    }

    internal FrozenQueues Freeze() => new(_sequence.Last, [.. _queues.All().Select(pair => pair.Value.Freeze())]);

    internal void RestoreSequence(ref ByteReader reader) => _sequence.Last = reader.VarInt();

    /// <summary>Begins a queue; the records that follow belong to it.</summary>
    internal void RestoreQueue(ref ByteReader reader)
    {
        _restored = QueueRecords.ReadQueue(ref reader, _sequence);
        _queues.Set(_restored.Name, _restored);
    }

    /// <exception cref="FormatException">The record is damaged, or belongs to no queue.</exception>
    internal void RestoreItem(ref ByteReader reader)
    {
        var queue = _restored ?? throw new FormatException("an item of a queue comes before its queue");
        QueueRecords.ReadItem(ref reader, queue);
        Schedule(queue);
    }

    private QueueResult Configure(QueueConfigure configure, in ApplyContext context)
    {
        var queue = Get(configure.Name);
        var created = queue is null;
        if (queue is null)
        {
            queue = new MessageQueue(configure.Name, context.Time, configure.Settings, default, _sequence);
            _queues.Set(configure.Name, queue);
        }

        queue.Settings = configure.Settings;
        context.Events.Add(new StateEvent.QueueChanged(configure.Name));
        return new QueueResult.Configured(created);
    }

    private QueueResult Delete(MessageQueue queue, in ApplyContext context)
    {
        queue.EndWaits(context);
        _due.Remove(queue.Scheduled, queue.Name);
        _queues.Remove(queue.Name);
        return new QueueResult.Deleted(queue.Length + queue.InFlight + queue.Dead);
    }

    private QueueResult Apply(MessageQueue queue, QueueCommand command, in ApplyContext context)
    {
        QueueResult result = command switch
        {
            QueueEnqueue enqueue => queue.Apply(enqueue, context),
            QueueDequeue dequeue => queue.Apply(dequeue, context),
            QueueCancelWait cancel => queue.Apply(cancel, context),
            QueueAck ack => queue.Apply(ack, context),
            QueueNack nack => queue.Apply(nack, context),
            QueueExtend extend => queue.Apply(extend, context),
            QueuePurge purge => queue.Apply(purge),
            QueueRedrive redrive => queue.Apply(redrive, context),
            QueueRequeue requeue => queue.Apply(requeue, context),
            _ => throw new UnreachableException(command.GetType().Name),
        };
        Schedule(queue);
        if (result is QueueResult.Purged { Count: > 0 } purged && command is QueuePurge { State: var state })
        {
            context.Events.Add(new StateEvent.QueuePurged(queue.Name, state, purged.Count, context.Reason));
        }

        return result;
    }

    private void Schedule(MessageQueue queue)
    {
        var next = queue.NextDue;
        if (next != queue.Scheduled)
        {
            _due.Remove(queue.Scheduled, queue.Name);
            _due.Add(next, queue.Name);
            queue.Scheduled = next;
        }
    }
}

/// <summary>All queues as they were after one entry.</summary>
internal sealed record FrozenQueues(long Sequence, IReadOnlyList<FrozenQueue> Queues);
