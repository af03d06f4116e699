using Quorate.Core.Clocks;
using Quorate.Core.Codec;

namespace Quorate.Core.StateMachine.Queues;

/// <summary>Parts that commands, results and snapshots of queues share.</summary>
internal static class QueueCodec
{
    public static void Write(ByteWriter writer, QueueSettings settings)
    {
        writer.VarInt(settings.MaxDeliveries);
        writer.VarInt(settings.VisibilityMs);
        writer.OptionalInt64(settings.MaxLength);
        writer.OptionalInt64(settings.MaxBytes);
        writer.Byte((byte)settings.Overflow);
        writer.VarInt(settings.DedupWindowMs);
    }

    public static QueueSettings ReadSettings(ref ByteReader reader) => new(
        (int)reader.VarInt(), reader.VarInt(), reader.OptionalInt64(), reader.OptionalInt64(), ToOverflow(reader.Byte()), reader.VarInt());

    public static void Write(ByteWriter writer, QueueMessage message)
    {
        writer.VarInt(message.Id);
        writer.Byte(message.Priority);
        writer.VarInt(message.Position);
        writer.Bytes(message.Body.Span);
        WriteHeaders(writer, message.Headers);
        writer.OptionalString(message.DedupId);
        writer.VarInt(message.EnqueuedAt.Value);
        writer.VarInt(message.Deliveries);
        writer.VarInt(message.Since.Value);
        writer.OptionalInt64(message.Due?.Value);
        writer.VarInt(message.Delivery);
        writer.OptionalString(message.Consumer);
    }

    /// <summary>Copies the body: what it is read from may be a large buffer.</summary>
    public static QueueMessage ReadMessage(ref ByteReader reader) => new(
        reader.VarInt(),
        ReadPriority(ref reader),
        reader.VarInt(),
        reader.Bytes().ToArray(),
        ReadHeaders(ref reader),
        reader.OptionalString(),
        new HlcTimestamp(reader.VarInt()),
        (int)reader.VarInt(),
        new HlcTimestamp(reader.VarInt()),
        reader.OptionalInt64() is { } due ? new HlcTimestamp(due) : null,
        reader.VarInt(),
        reader.OptionalString());

    public static void Write(ByteWriter writer, IReadOnlyList<QueueMessage> messages)
    {
        writer.VarInt(messages.Count);
        foreach (var message in messages)
        {
            Write(writer, message);
        }
    }

    public static QueueMessage[] ReadMessages(ref ByteReader reader)
    {
        var messages = new QueueMessage[reader.Count()];
        for (var i = 0; i < messages.Length; i++)
        {
            messages[i] = ReadMessage(ref reader);
        }

        return messages;
    }

    public static void Write(ByteWriter writer, IReadOnlyList<NewMessage> messages)
    {
        writer.VarInt(messages.Count);
        foreach (var message in messages)
        {
            writer.Bytes(message.Body.Span);
            writer.Byte(message.Priority);
            writer.VarInt(message.DelayMs);
            writer.OptionalString(message.DedupId);
            WriteHeaders(writer, message.Headers);
        }
    }

    public static NewMessage[] ReadNewMessages(ref ByteReader reader)
    {
        var messages = new NewMessage[reader.Count()];
        for (var i = 0; i < messages.Length; i++)
        {
            messages[i] = new NewMessage(
                reader.Bytes(), ReadPriority(ref reader), reader.VarInt(), reader.OptionalString(), ReadHeaders(ref reader));
        }

        return messages;
    }

    public static void Write(ByteWriter writer, IReadOnlyList<Receipt> receipts)
    {
        writer.VarInt(receipts.Count);
        foreach (var receipt in receipts)
        {
            writer.VarInt(receipt.Message);
            writer.VarInt(receipt.Delivery);
        }
    }

    public static Receipt[] ReadReceipts(ref ByteReader reader)
    {
        var receipts = new Receipt[reader.Count()];
        for (var i = 0; i < receipts.Length; i++)
        {
            receipts[i] = new Receipt(reader.VarInt(), reader.VarInt());
        }

        return receipts;
    }

    public static void WriteIds(ByteWriter writer, IReadOnlyList<long>? ids)
    {
        writer.Bool(ids is not null);
        if (ids is null)
        {
            return;
        }

        writer.VarInt(ids.Count);
        foreach (var id in ids)
        {
            writer.VarInt(id);
        }
    }

    public static long[]? ReadIds(ref ByteReader reader)
    {
        if (!reader.Bool())
        {
            return null;
        }

        var ids = new long[reader.Count()];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = reader.VarInt();
        }

        return ids;
    }

    /// <exception cref="FormatException">The number is no state.</exception>
    public static MessageState ToState(byte value) =>
        (MessageState)value is >= MessageState.Ready and <= MessageState.Dead and var state
            ? state
            : throw new FormatException($"{value} is no state of a message");

    private static QueueOverflow ToOverflow(byte value) =>
        (QueueOverflow)value is QueueOverflow.Reject or QueueOverflow.DropOldest
            ? (QueueOverflow)value
            : throw new FormatException($"{value} is no way to overflow");

    private static byte ReadPriority(ref ByteReader reader)
    {
        var priority = reader.Byte();
        return priority <= QueueMessage.MaxPriority ? priority : throw new FormatException($"{priority} is no priority");
    }

    private static void WriteHeaders(ByteWriter writer, IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        writer.VarInt(headers.Count);
        foreach (var (name, value) in headers)
        {
            writer.String(name);
            writer.String(value);
        }
    }

    private static KeyValuePair<string, string>[] ReadHeaders(ref ByteReader reader)
    {
        var count = reader.Count();
        if (count == 0)
        {
            return [];
        }

        var headers = new KeyValuePair<string, string>[count];
        for (var i = 0; i < count; i++)
        {
            headers[i] = new(reader.String(), reader.String());
        }

        return headers;
    }
}
