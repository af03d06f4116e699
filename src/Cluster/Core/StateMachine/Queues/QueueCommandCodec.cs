using System.Diagnostics;
using Quorate.Core.Codec;

namespace Quorate.Core.StateMachine.Queues;

/// <summary>The bytes of the commands about queues. Tags are part of the log's format: never reuse one.</summary>
internal static class QueueCommandCodec
{
    public const byte FirstTag = ConfigureTag;
    public const byte LastTag = 79;

    private const byte ConfigureTag = 60;
    private const byte DeleteTag = 61;
    private const byte EnqueueTag = 62;
    private const byte DequeueTag = 63;
    private const byte CancelWaitTag = 64;
    private const byte AckTag = 65;
    private const byte NackTag = 66;
    private const byte ExtendTag = 67;
    private const byte PurgeTag = 68;
    private const byte RedriveTag = 69;
    private const byte RequeueTag = 70;

    public static void Write(ByteWriter writer, QueueCommand command)
    {
        writer.Byte(TagOf(command));
        writer.String(command.Name);
        switch (command)
        {
            case QueueConfigure configure:
                QueueCodec.Write(writer, configure.Settings);
                break;
            case QueueDelete:
                break;
            case QueueEnqueue enqueue:
                QueueCodec.Write(writer, enqueue.Messages);
                break;
            case QueueDequeue dequeue:
                writer.String(dequeue.Consumer);
                writer.VarInt(dequeue.Max);
                writer.OptionalInt64(dequeue.VisibilityMs);
                writer.VarInt(dequeue.WaitMs);
                break;
            case QueueCancelWait cancel:
                writer.VarInt(cancel.Ticket);
                break;
            case QueueAck ack:
                QueueCodec.Write(writer, ack.Receipts);
                break;
            case QueueNack nack:
                QueueCodec.Write(writer, nack.Receipts);
                writer.VarInt(nack.DelayMs);
                break;
            case QueueExtend extend:
                QueueCodec.Write(writer, extend.Receipts);
                writer.OptionalInt64(extend.VisibilityMs);
                break;
            case QueuePurge purge:
                writer.Byte((byte)purge.State);
                writer.OptionalInt64(purge.Max);
                break;
            case QueueRedrive redrive:
                QueueCodec.WriteIds(writer, redrive.Ids);
                writer.OptionalInt64(redrive.Max);
                break;
            case QueueRequeue requeue:
                writer.Byte((byte)requeue.From);
                QueueCodec.WriteIds(writer, requeue.Ids);
                writer.OptionalInt64(requeue.Max);
                break;
            default:
                throw new UnreachableException(command.GetType().Name);
        }
    }

    public static QueueCommand Read(byte tag, ref ByteReader reader)
    {
        var name = reader.String();
        return tag switch
        {
            ConfigureTag => new QueueConfigure(name, QueueCodec.ReadSettings(ref reader)),
            DeleteTag => new QueueDelete(name),
            EnqueueTag => new QueueEnqueue(name, QueueCodec.ReadNewMessages(ref reader)),
            DequeueTag => new QueueDequeue(name, reader.String(), (int)reader.VarInt(), reader.OptionalInt64(), reader.VarInt()),
            CancelWaitTag => new QueueCancelWait(name, reader.VarInt()),
            AckTag => new QueueAck(name, QueueCodec.ReadReceipts(ref reader)),
            NackTag => new QueueNack(name, QueueCodec.ReadReceipts(ref reader), reader.VarInt()),
            ExtendTag => new QueueExtend(name, QueueCodec.ReadReceipts(ref reader), reader.OptionalInt64()),
            PurgeTag => new QueuePurge(name, QueueCodec.ToState(reader.Byte()), ReadMax(ref reader)),
            RedriveTag => new QueueRedrive(name, QueueCodec.ReadIds(ref reader), ReadMax(ref reader)),
            RequeueTag => new QueueRequeue(name, ReadSource(ref reader), QueueCodec.ReadIds(ref reader), ReadMax(ref reader)),
            _ => throw new FormatException($"command tag {tag} is not of this version"),
        };
    }

    private static byte TagOf(QueueCommand command) => command switch
    {
        QueueConfigure => ConfigureTag,
        QueueDelete => DeleteTag,
        QueueEnqueue => EnqueueTag,
        QueueDequeue => DequeueTag,
        QueueCancelWait => CancelWaitTag,
        QueueAck => AckTag,
        QueueNack => NackTag,
        QueueExtend => ExtendTag,
        QueuePurge => PurgeTag,
        QueueRedrive => RedriveTag,
        QueueRequeue => RequeueTag,
        _ => throw new UnreachableException(command.GetType().Name),
    };

    private static int? ReadMax(ref ByteReader reader) => (int?)reader.OptionalInt64();

    private static MessageState ReadSource(ref ByteReader reader)
    {
        var state = QueueCodec.ToState(reader.Byte());
        return state is MessageState.Delayed or MessageState.InFlight
            ? state
            : throw new FormatException($"messages that are {state} cannot be requeued");
    }
}
