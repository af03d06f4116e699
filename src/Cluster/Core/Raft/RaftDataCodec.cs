using Quorate.Core.Codec;

namespace Quorate.Core.Raft;

/// <summary>The data of the entries that belong to Raft itself.</summary>
public static class RaftDataCodec
{
    public static byte[] Encode(TermStart start)
    {
        var writer = new ByteWriter();
        writer.String(start.Leader.Value);
        writer.Byte((byte)start.Cause);
        writer.Int64(start.LeaderlessMs);
        Write(writer, start.Votes);
        return writer.ToArray();
    }

    /// <exception cref="FormatException">The bytes are not a term start.</exception>
    public static TermStart DecodeTermStart(ReadOnlyMemory<byte> data)
    {
        var reader = new ByteReader(data);
        var start = new TermStart(
            new NodeId(reader.String()), (ElectionCause)reader.Byte(), LeaderlessMs: reader.Int64(), Votes: ReadNodes(ref reader));
        reader.End();
        return start;
    }

    public static byte[] Encode(Membership membership)
    {
        var writer = new ByteWriter();
        Write(writer, membership);
        return writer.ToArray();
    }

    /// <exception cref="FormatException">The bytes are not a membership.</exception>
    public static Membership DecodeMembership(ReadOnlyMemory<byte> data)
    {
        var reader = new ByteReader(data);
        var membership = ReadMembership(ref reader);
        reader.End();
        return membership;
    }

    public static void Write(ByteWriter writer, Membership membership)
    {
        Write(writer, membership.Voters);
        Write(writer, membership.OutgoingVoters);
        Write(writer, membership.Learners);
    }

    public static Membership ReadMembership(ref ByteReader reader) =>
        new(ReadNodes(ref reader), ReadNodes(ref reader), ReadNodes(ref reader));

    private static void Write(ByteWriter writer, IReadOnlyList<NodeId> nodes)
    {
        writer.VarInt(nodes.Count);
        foreach (var node in nodes)
        {
            writer.String(node.Value);
        }
    }

    private static NodeId[] ReadNodes(ref ByteReader reader)
    {
        var nodes = new NodeId[reader.Count()];
        for (var i = 0; i < nodes.Length; i++)
        {
            nodes[i] = new NodeId(reader.String());
        }

        return nodes;
    }
}
