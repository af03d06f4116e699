using System.Text.Unicode;
using Quorate.Core.Clocks;
using Quorate.Core.Codec;

namespace Quorate.Core.Raft;

/// <summary>
/// The bytes of what a log consists of: entries, the hard state, and where a snapshot stands. Log, wire and snapshot files
/// share them. Reading answers or throws <see cref="FormatException"/>, and never asks for more memory than the input is long.
/// </summary>
public static class EntryCodec
{
    /// <summary>Fewest bytes that an entry takes: term, index, time, kind, length of its data.</summary>
    public const int MinEntryBytes = 1 + 1 + 8 + 1 + 1;

    public static void Write(ByteWriter writer, Entry entry)
    {
        writer.VarInt(entry.Term.Value);
        writer.VarInt(entry.Index.Value);
        writer.Int64(entry.Time.Value);
        writer.Byte((byte)entry.Kind);
        writer.Bytes(entry.Data.Span);
    }

    /// <summary>Reads an entry that owns its data: the source may be used again.</summary>
    public static Entry Read(ref ByteReader reader)
    {
        var term = ReadTerm(ref reader);
        var index = ReadIndex(ref reader);
        var time = new HlcTimestamp(reader.Int64());
        var kind = (EntryKind)reader.Byte();
        if (kind is < EntryKind.TermStart or > EntryKind.Clock)
        {
            throw new FormatException($"{(byte)kind} at {reader.Position - 1} is not a kind of entry");
        }

        return new Entry(term, index, time, kind, reader.Bytes().ToArray());
    }

    public static void WriteHardState(ByteWriter writer, HardState state)
    {
        writer.VarInt(state.Term.Value);
        WriteNode(writer, state.VotedFor);
        writer.VarInt(state.Commit.Value);
    }

    public static HardState ReadHardState(ref ByteReader reader) =>
        new(ReadTerm(ref reader), ReadNode(ref reader), ReadIndex(ref reader));

    public static void WriteSnapshotMeta(ByteWriter writer, SnapshotMeta meta)
    {
        writer.VarInt(meta.Index.Value);
        writer.VarInt(meta.Term.Value);
        writer.Int64(meta.Time.Value);
        WriteMembership(writer, meta.Membership);
    }

    public static SnapshotMeta ReadSnapshotMeta(ref ByteReader reader) =>
        new(ReadIndex(ref reader), ReadTerm(ref reader), new HlcTimestamp(reader.Int64()), ReadMembership(ref reader));

    public static void WriteMembership(ByteWriter writer, Membership membership)
    {
        WriteNodes(writer, membership.Voters);
        WriteNodes(writer, membership.OutgoingVoters);
        WriteNodes(writer, membership.Learners);
    }

    /// <summary>Reads the lists as they are; whether they make sense is for <see cref="Membership.Validate"/>.</summary>
    public static Membership ReadMembership(ref ByteReader reader) =>
        new(ReadNodes(ref reader), ReadNodes(ref reader), ReadNodes(ref reader));

    /// <summary>An id that was never set is written like <see cref="NodeId.None"/>.</summary>
    public static void WriteNode(ByteWriter writer, NodeId node) => writer.String(node.Value ?? "");

    public static NodeId ReadNode(ref ByteReader reader)
    {
        var start = reader.Position;
        var bytes = reader.Bytes().Span;
        if (bytes.IsEmpty)
        {
            return NodeId.None;
        }

        if (!Utf8.IsValid(bytes))
        {
            throw new FormatException($"node id at {start} is not UTF-8");
        }

        var value = System.Text.Encoding.UTF8.GetString(bytes);
        return value.Length <= NodeId.MaxLength
            ? new NodeId(value)
            : throw new FormatException($"node id at {start} is longer than {NodeId.MaxLength} characters");
    }

    public static LogIndex ReadIndex(ref ByteReader reader) => new(NotNegative(ref reader));

    public static Term ReadTerm(ref ByteReader reader) => new(NotNegative(ref reader));

    internal static long NotNegative(ref ByteReader reader)
    {
        var value = reader.VarInt();
        return value >= 0 ? value : throw new FormatException($"{value} before {reader.Position} is negative");
    }

    private static void WriteNodes(ByteWriter writer, IReadOnlyList<NodeId> nodes)
    {
        writer.VarInt(nodes.Count);
        foreach (var node in nodes)
        {
            WriteNode(writer, node);
        }
    }

    private static NodeId[] ReadNodes(ref ByteReader reader)
    {
        // Grows with what is really there: a count alone, up to one per remaining byte, must not reserve eight bytes each.
        var count = reader.Count();
        var nodes = new List<NodeId>();
        for (var i = 0; i < count; i++)
        {
            nodes.Add(ReadNode(ref reader));
        }

        return [.. nodes];
    }
}
