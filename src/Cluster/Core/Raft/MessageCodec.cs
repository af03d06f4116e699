using System.Diagnostics;
using Quorate.Core.Codec;

namespace Quorate.Core.Raft;

/// <summary>
/// The bytes of a <see cref="Message"/>: a tag, the group, sender, receiver and term, then what the case adds.
/// Reading answers or throws <see cref="FormatException"/>, and never asks for more memory than the input is long.
/// </summary>
public static class MessageCodec
{
    /// <summary>The first byte. The values are part of the wire format.</summary>
    private enum Tag : byte
    {
        VoteRequest = 1,
        VoteResponse = 2,
        AppendRequest = 3,
        AppendResponse = 4,
        HeartbeatRequest = 5,
        HeartbeatResponse = 6,
        SnapshotChunk = 7,
        SnapshotResponse = 8,
        TimeoutNow = 9,
    }

    /// <summary>Upper estimate of the encoded size in bytes, cheap enough to ask before queueing.</summary>
    public static int SizeHint(Message message)
    {
        const int MaxNodeBytes = 3 * NodeId.MaxLength + 2;
        const int Fixed = 2 * MaxNodeBytes + 128;
        switch (message)
        {
            case AppendRequest append:
                var size = Fixed;
                for (var i = 0; i < append.Entries.Count; i++)
                {
                    size += append.Entries[i].Size + 8;
                }

                return size;
            case SnapshotChunk chunk:
                var members = chunk.Meta.Membership;
                return Fixed + chunk.Data.Length
                    + (members.Voters.Count + members.OutgoingVoters.Count + members.Learners.Count) * MaxNodeBytes;
            default:
                return Fixed;
        }
    }

    public static void Write(ByteWriter writer, Message message)
    {
        writer.Byte((byte)TagOf(message));
        writer.VarInt(message.Group.Value);
        EntryCodec.WriteNode(writer, message.From);
        EntryCodec.WriteNode(writer, message.To);
        writer.VarInt(message.Term.Value);
        switch (message)
        {
            case VoteRequest m:
                writer.VarInt(m.LastIndex.Value);
                writer.VarInt(m.LastTerm.Value);
                writer.Bool(m.PreVote);
                writer.Bool(m.Force);
                break;
            case VoteResponse m:
                writer.Bool(m.PreVote);
                writer.Bool(m.Granted);
                break;
            case AppendRequest m:
                writer.VarInt(m.PreviousIndex.Value);
                writer.VarInt(m.PreviousTerm.Value);
                writer.VarInt(m.Commit.Value);
                WriteEntries(writer, m.Entries);
                break;
            case AppendResponse m:
                writer.Bool(m.Accepted);
                writer.VarInt(m.Index.Value);
                writer.VarInt(m.HintIndex.Value);
                writer.VarInt(m.HintTerm.Value);
                break;
            case HeartbeatRequest m:
                writer.VarInt(m.Commit.Value);
                writer.VarInt(m.ReadRound);
                break;
            case HeartbeatResponse m:
                writer.VarInt(m.ReadRound);
                break;
            case SnapshotChunk m:
                EntryCodec.WriteSnapshotMeta(writer, m.Meta);
                writer.VarInt(m.Offset);
                writer.Bytes(m.Data.Span);
                writer.Bool(m.Done);
                break;
            case SnapshotResponse m:
                writer.VarInt(m.SnapshotIndex.Value);
                writer.VarInt(m.NextOffset);
                writer.Bool(m.Installed);
                break;
            case TimeoutNow:
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Reads a whole message. It owns everything it carries: the source may be used again.</summary>
    /// <exception cref="FormatException">The bytes are not exactly one message.</exception>
    public static Message Read(ReadOnlyMemory<byte> source)
    {
        var reader = new ByteReader(source);
        var message = Read(ref reader);
        reader.End();
        return message;
    }

    private static Message Read(ref ByteReader reader)
    {
        var tag = (Tag)reader.Byte();
        var group = ReadGroup(ref reader);
        var from = EntryCodec.ReadNode(ref reader);
        var to = EntryCodec.ReadNode(ref reader);
        var term = EntryCodec.ReadTerm(ref reader);
        return tag switch
        {
            Tag.VoteRequest => new VoteRequest(
                group, from, to, term, EntryCodec.ReadIndex(ref reader), EntryCodec.ReadTerm(ref reader), reader.Bool(), reader.Bool()),
            Tag.VoteResponse => new VoteResponse(group, from, to, term, reader.Bool(), reader.Bool()),
            Tag.AppendRequest => new AppendRequest(
                group, from, to, term, EntryCodec.ReadIndex(ref reader), EntryCodec.ReadTerm(ref reader),
                EntryCodec.ReadIndex(ref reader), ReadEntries(ref reader)),
            Tag.AppendResponse => new AppendResponse(
                group, from, to, term, reader.Bool(), EntryCodec.ReadIndex(ref reader),
                EntryCodec.ReadIndex(ref reader), EntryCodec.ReadTerm(ref reader)),
            Tag.HeartbeatRequest => new HeartbeatRequest(group, from, to, term, EntryCodec.ReadIndex(ref reader), reader.VarInt()),
            Tag.HeartbeatResponse => new HeartbeatResponse(group, from, to, term, reader.VarInt()),
            Tag.SnapshotChunk => new SnapshotChunk(
                group, from, to, term, EntryCodec.ReadSnapshotMeta(ref reader), EntryCodec.NotNegative(ref reader),
                reader.Bytes().ToArray(), reader.Bool()),
            Tag.SnapshotResponse => new SnapshotResponse(
                group, from, to, term, EntryCodec.ReadIndex(ref reader), EntryCodec.NotNegative(ref reader), reader.Bool()),
            Tag.TimeoutNow => new TimeoutNow(group, from, to, term),
            _ => throw new FormatException($"{(byte)tag} is not a kind of message"),
        };
    }

    private static Tag TagOf(Message message) => message switch
    {
        VoteRequest => Tag.VoteRequest,
        VoteResponse => Tag.VoteResponse,
        AppendRequest => Tag.AppendRequest,
        AppendResponse => Tag.AppendResponse,
        HeartbeatRequest => Tag.HeartbeatRequest,
        HeartbeatResponse => Tag.HeartbeatResponse,
        SnapshotChunk => Tag.SnapshotChunk,
        SnapshotResponse => Tag.SnapshotResponse,
        TimeoutNow => Tag.TimeoutNow,
        _ => throw new UnreachableException(),
    };

    private static GroupId ReadGroup(ref ByteReader reader)
    {
        var value = reader.VarInt();
        return value is >= 0 and <= uint.MaxValue
            ? new GroupId((uint)value)
            : throw new FormatException($"{value} before {reader.Position} is not a group");
    }

    private static void WriteEntries(ByteWriter writer, IReadOnlyList<Entry> entries)
    {
        writer.VarInt(entries.Count);
        for (var i = 0; i < entries.Count; i++)
        {
            EntryCodec.Write(writer, entries[i]);
        }
    }

    private static Entry[] ReadEntries(ref ByteReader reader)
    {
        var count = reader.Count();
        if (count > reader.Remaining / EntryCodec.MinEntryBytes)
        {
            throw new FormatException($"{count} entries at {reader.Position} do not fit into {reader.Remaining} bytes");
        }

        var entries = new Entry[count];
        for (var i = 0; i < count; i++)
        {
            entries[i] = EntryCodec.Read(ref reader);
        }

        return entries;
    }
}
