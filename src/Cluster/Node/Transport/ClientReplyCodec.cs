using System.Diagnostics;
using Quorate.Core.Codec;
using Quorate.Core.Raft;

namespace Quorate.Node.Transport;

/// <summary>The frames of <see cref="ClientReply"/>.</summary>
internal static class ClientReplyCodec
{
    private enum Kind : byte
    {
        Welcome = 1,
        Refused = 2,
        ReadIndexAnswer = 3,
        Entries = 4,
        StateBegin = 5,
        StatePart = 6,
        StateEnd = 7,
        Behind = 8,
        Report = 9,
        Answer = 10,
    }

    /// <summary>Adds a whole frame, with its length before it.</summary>
    public static void Write(ByteWriter writer, ClientReply reply)
    {
        var start = ClientProtocol.BeginFrame(writer, (byte)KindOf(reply));
        switch (reply)
        {
            case ClientReply.Welcome welcome:
                writer.Byte(welcome.Version);
                break;
            case ClientReply.Refused refused:
                writer.VarInt(refused.Number);
                writer.Byte((byte)refused.Status);
                break;
            case ClientReply.ReadIndexAnswer answer:
                writer.VarInt(answer.Number);
                writer.OptionalInt64(answer.Index?.Value);
                break;
            case ClientReply.Entries entries:
                WriteEntries(writer, entries);
                break;
            case ClientReply.StateBegin begin:
                writer.VarInt(begin.Epoch);
                break;
            case ClientReply.StatePart part:
                writer.Bytes(part.Packed.Span);
                break;
            case ClientReply.StateEnd end:
                writer.Bool(end.Complete);
                break;
            case ClientReply.Behind behind:
                writer.VarInt(behind.Epoch);
                break;
            case ClientReply.Report report:
                ClientStatusCodec.Write(writer, report.Status);
                break;
            case ClientReply.Answer answer:
                writer.VarInt(answer.Number);
                writer.Bool(answer.Yes);
                break;
        }

        ClientProtocol.EndFrame(writer, start);
    }

    /// <summary>Reads a frame without its length. Only a <see cref="ClientReply.StatePart"/> refers to it.</summary>
    /// <exception cref="FormatException">It is not a reply of this version.</exception>
    public static ClientReply Read(ReadOnlyMemory<byte> frame)
    {
        var reader = new ByteReader(frame);
        var kind = ClientProtocol.ReadFrameStart(ref reader);
        ClientReply reply = (Kind)kind switch
        {
            Kind.Welcome => new ClientReply.Welcome(reader.Byte()),
            Kind.Refused => new ClientReply.Refused(reader.VarInt(), ReadStatus(ref reader)),
            Kind.ReadIndexAnswer => new ClientReply.ReadIndexAnswer(reader.VarInt(), ReadOptionalIndex(ref reader)),
            Kind.Entries => ReadEntries(ref reader),
            Kind.StateBegin => new ClientReply.StateBegin(reader.VarInt()),
            Kind.StatePart => new ClientReply.StatePart(reader.Bytes()),
            Kind.StateEnd => new ClientReply.StateEnd(reader.Bool()),
            Kind.Behind => new ClientReply.Behind(reader.VarInt()),
            Kind.Report => new ClientReply.Report(ClientStatusCodec.Read(ref reader)),
            Kind.Answer => new ClientReply.Answer(reader.VarInt(), reader.Bool()),
            _ => throw new FormatException($"{kind} is not a kind of reply"),
        };
        reader.End();
        return reply;
    }

    /// <summary>The records of a <see cref="ClientReply.StatePart"/>.</summary>
    /// <exception cref="FormatException">A length does not fit.</exception>
    public static IEnumerable<ReadOnlyMemory<byte>> Unpack(ReadOnlyMemory<byte> packed)
    {
        while (!packed.IsEmpty)
        {
            yield return Take(ref packed);
        }

        static ReadOnlyMemory<byte> Take(ref ReadOnlyMemory<byte> rest)
        {
            var reader = new ByteReader(rest);
            var record = reader.Bytes();
            rest = rest[reader.Position..];
            return record;
        }
    }

    private static void WriteEntries(ByteWriter writer, ClientReply.Entries entries)
    {
        writer.VarInt(entries.Epoch);
        writer.VarInt(entries.Items.Count);
        foreach (var entry in entries.Items)
        {
            EntryCodec.Write(writer, entry);
        }
    }

    private static ClientReply.Entries ReadEntries(ref ByteReader reader)
    {
        var epoch = reader.VarInt();
        var count = reader.Count();
        if (count > reader.Remaining / EntryCodec.MinEntryBytes)
        {
            throw new FormatException($"{count} entries do not fit into {reader.Remaining} bytes");
        }

        var items = new Entry[count];
        for (var i = 0; i < count; i++)
        {
            items[i] = EntryCodec.Read(ref reader);
        }

        return new ClientReply.Entries(epoch, items);
    }

    private static ProposeStatus ReadStatus(ref ByteReader reader)
    {
        var status = (ProposeStatus)reader.Byte();
        return status is > ProposeStatus.Accepted and <= ProposeStatus.ChangePending
            ? status
            : throw new FormatException($"{(byte)status} is not a reason to refuse");
    }

    private static LogIndex? ReadOptionalIndex(ref ByteReader reader) => reader.Bool() ? EntryCodec.ReadIndex(ref reader) : null;

    private static Kind KindOf(ClientReply reply) => reply switch
    {
        ClientReply.Welcome => Kind.Welcome,
        ClientReply.Refused => Kind.Refused,
        ClientReply.ReadIndexAnswer => Kind.ReadIndexAnswer,
        ClientReply.Entries => Kind.Entries,
        ClientReply.StateBegin => Kind.StateBegin,
        ClientReply.StatePart => Kind.StatePart,
        ClientReply.StateEnd => Kind.StateEnd,
        ClientReply.Behind => Kind.Behind,
        ClientReply.Report => Kind.Report,
        ClientReply.Answer => Kind.Answer,
        _ => throw new UnreachableException(reply.GetType().Name),
    };
}
