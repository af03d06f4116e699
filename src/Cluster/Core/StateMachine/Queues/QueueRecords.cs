using Quorate.Core.Clocks;
using Quorate.Core.Codec;

namespace Quorate.Core.StateMachine.Queues;

/// <summary>Queues as records of a snapshot: the sequence, then each queue followed by what is in it.</summary>
internal static class QueueRecords
{
    // What an item is; 1 to 4 are the states of a message. Part of the format: never reuse one.
    private const byte WaitItem = 10;
    private const byte DedupItem = 11;
    private const byte ConsumerItem = 12;

    public static IEnumerable<(byte Tag, Action<ByteWriter> Write)> Of(FrozenQueues frozen)
    {
        yield return (SnapshotTags.QueueSequence, writer => writer.VarInt(frozen.Sequence));
        foreach (var queue in frozen.Queues)
        {
            yield return (SnapshotTags.Queue, writer => WriteQueue(writer, queue));
            foreach (var item in Items(queue))
            {
                yield return (SnapshotTags.QueueItem, item);
            }
        }
    }

    public static MessageQueue ReadQueue(ref ByteReader reader, MessageQueue.Sequence sequence) => new(
        reader.String(), new HlcTimestamp(reader.VarInt()), QueueCodec.ReadSettings(ref reader), ReadCounters(ref reader), sequence);

    public static void ReadItem(ref ByteReader reader, MessageQueue queue)
    {
        var kind = reader.Byte();
        switch (kind)
        {
            case WaitItem:
                queue.Restore(new QueueWait(
                    reader.VarInt(), reader.String(), (int)reader.VarInt(), reader.VarInt(), new HlcTimestamp(reader.VarInt()), new HlcTimestamp(reader.VarInt())));
                break;
            case DedupItem:
                queue.Restore(new DedupEntry(reader.String(), reader.VarInt(), new HlcTimestamp(reader.VarInt())));
                break;
            case ConsumerItem:
                queue.Restore(new QueueConsumer(
                    reader.String(), reader.VarInt(), reader.VarInt(), reader.VarInt(), new HlcTimestamp(reader.VarInt())));
                break;
            default:
                queue.Restore(QueueCodec.ToState(kind), QueueCodec.ReadMessage(ref reader));
                break;
        }
    }

    private static IEnumerable<Action<ByteWriter>> Items(FrozenQueue queue)
    {
        var byState = new[]
        {
            (MessageState.Ready, queue.Ready.All().Select(pair => pair.Value)),
            (MessageState.Delayed, queue.Delayed.All().Select(pair => pair.Value)),
            (MessageState.InFlight, queue.InFlight.All().Select(pair => pair.Value)),
            (MessageState.Dead, queue.Dead.All().Select(pair => pair.Value)),
        };
        foreach (var (state, messages) in byState)
        {
            foreach (var message in messages)
            {
                yield return writer =>
                {
                    writer.Byte((byte)state);
                    QueueCodec.Write(writer, message);
                };
            }
        }

        foreach (var (_, wait) in queue.Waits.All())
        {
            yield return writer => Write(writer, wait);
        }

        foreach (var (_, entry) in queue.Dedup.All())
        {
            yield return writer => Write(writer, entry);
        }

        foreach (var (_, consumer) in queue.Consumers.All())
        {
            yield return writer => Write(writer, consumer);
        }
    }

    private static void WriteQueue(ByteWriter writer, FrozenQueue queue)
    {
        writer.String(queue.Name);
        writer.VarInt(queue.CreatedAt.Value);
        QueueCodec.Write(writer, queue.Settings);
        var counters = queue.Counters;
        foreach (var counter in (ReadOnlySpan<long>)[
            counters.Enqueued, counters.Delivered, counters.Acked, counters.Redelivered,
            counters.DeadLettered, counters.Purged, counters.Dropped, counters.Duplicates])
        {
            writer.VarInt(counter);
        }
    }

    private static QueueCounters ReadCounters(ref ByteReader reader) => new(
        reader.VarInt(), reader.VarInt(), reader.VarInt(), reader.VarInt(), reader.VarInt(), reader.VarInt(), reader.VarInt(), reader.VarInt());

    private static void Write(ByteWriter writer, QueueWait wait)
    {
        writer.Byte(WaitItem);
        writer.VarInt(wait.Ticket);
        writer.String(wait.Consumer);
        writer.VarInt(wait.Max);
        writer.VarInt(wait.VisibilityMs);
        writer.VarInt(wait.Since.Value);
        writer.VarInt(wait.Until.Value);
    }

    private static void Write(ByteWriter writer, DedupEntry entry)
    {
        writer.Byte(DedupItem);
        writer.String(entry.Id);
        writer.VarInt(entry.Message);
        writer.VarInt(entry.Until.Value);
    }

    private static void Write(ByteWriter writer, QueueConsumer consumer)
    {
        writer.Byte(ConsumerItem);
        writer.String(consumer.Name);
        writer.VarInt(consumer.InFlight);
        writer.VarInt(consumer.Delivered);
        writer.VarInt(consumer.Acked);
        writer.VarInt(consumer.LastSeen.Value);
    }
}
