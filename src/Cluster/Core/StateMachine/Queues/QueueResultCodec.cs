using System.Diagnostics;
using Quorate.Core.Clocks;
using Quorate.Core.Codec;

namespace Quorate.Core.StateMachine.Queues;

/// <summary>The bytes of the results about queues. Tags are part of the format: never reuse one.</summary>
internal static class QueueResultCodec
{
    public const byte FirstTag = 60;
    public const byte LastTag = 79;

    public static void Write(ByteWriter writer, QueueResult result)
    {
        switch (result)
        {
            case QueueResult.NotFound:
                writer.Byte(60);
                break;
            case QueueResult.Configured configured:
                writer.Byte(61);
                writer.Bool(configured.Created);
                break;
            case QueueResult.Deleted deleted:
                writer.Byte(62);
                writer.VarInt(deleted.Messages);
                break;
            case QueueResult.Enqueued enqueued:
                writer.Byte(63);
                writer.VarInt(enqueued.Messages.Count);
                foreach (var message in enqueued.Messages)
                {
                    writer.VarInt(message.Id);
                    writer.Bool(message.Duplicate);
                }

                break;
            case QueueResult.Full full:
                writer.Byte(64);
                writer.VarInt(full.Length);
                writer.OptionalInt64(full.MaxLength);
                writer.VarInt(full.Bytes);
                writer.OptionalInt64(full.MaxBytes);
                break;
            case QueueResult.Delivered delivered:
                writer.Byte(65);
                QueueCodec.Write(writer, delivered.Messages);
                break;
            case QueueResult.Waiting waiting:
                writer.Byte(66);
                writer.VarInt(waiting.Ticket);
                break;
            case QueueResult.TooManyWaiters many:
                writer.Byte(67);
                writer.VarInt(many.Limit);
                break;
            case QueueResult.Settled settled:
                writer.Byte(68);
                writer.VarInt(settled.Count);
                QueueCodec.Write(writer, settled.Stale);
                break;
            case QueueResult.Extended extended:
                writer.Byte(69);
                writer.VarInt(extended.Count);
                writer.VarInt(extended.VisibleAt.Value);
                QueueCodec.Write(writer, extended.Stale);
                break;
            case QueueResult.Purged purged:
                writer.Byte(70);
                writer.VarInt(purged.Count);
                writer.VarInt(purged.Remaining);
                break;
            case QueueResult.Moved moved:
                writer.Byte(71);
                writer.VarInt(moved.Count);
                writer.VarInt(moved.Remaining);
                break;
            default:
                throw new UnreachableException(result.GetType().Name);
        }
    }

    public static QueueResult Read(byte tag, ref ByteReader reader) => tag switch
    {
        60 => new QueueResult.NotFound(),
        61 => new QueueResult.Configured(reader.Bool()),
        62 => new QueueResult.Deleted(reader.VarInt()),
        63 => new QueueResult.Enqueued(ReadEnqueued(ref reader)),
        64 => new QueueResult.Full(reader.VarInt(), reader.OptionalInt64(), reader.VarInt(), reader.OptionalInt64()),
        65 => new QueueResult.Delivered(QueueCodec.ReadMessages(ref reader)),
        66 => new QueueResult.Waiting(reader.VarInt()),
        67 => new QueueResult.TooManyWaiters((int)reader.VarInt()),
        68 => new QueueResult.Settled((int)reader.VarInt(), QueueCodec.ReadReceipts(ref reader)),
        69 => new QueueResult.Extended((int)reader.VarInt(), new HlcTimestamp(reader.VarInt()), QueueCodec.ReadReceipts(ref reader)),
        70 => new QueueResult.Purged(reader.VarInt(), reader.VarInt()),
        71 => new QueueResult.Moved((int)reader.VarInt(), reader.VarInt()),
        _ => throw new FormatException($"result tag {tag} is not of this version"),
    };

    private static EnqueuedMessage[] ReadEnqueued(ref ByteReader reader)
    {
        var messages = new EnqueuedMessage[reader.Count()];
        for (var i = 0; i < messages.Length; i++)
        {
            messages[i] = new EnqueuedMessage(reader.VarInt(), reader.Bool());
        }

        return messages;
    }
}
