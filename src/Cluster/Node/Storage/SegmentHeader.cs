using Quorate.Core.Codec;
using Quorate.Core.Raft;

namespace Quorate.Node.Storage;

/// <summary>
/// What stands at the start of a segment, in blocks that are never written again:
/// <code>
///   0       4         8        12        16
///   | magic | version | length | crc-32c | body, padded with zeros to a multiple of 4096 bytes
/// </code>
/// It repeats the state that earlier segments added up to, so that they can be deleted.
/// </summary>
/// <param name="Node">Whose log it is; none when it was not said.</param>
/// <param name="Sequence">Counts the segments of a log from 1, without gaps.</param>
/// <param name="Salt">Seeds the checksums of the records of this segment.</param>
/// <param name="PreviousEnd">Where the records of the segment before end; what follows there never counted.</param>
/// <param name="FirstBatch">The number of the first batch in this segment.</param>
/// <param name="LastIndex">The last index of the log when the segment began.</param>
internal sealed record SegmentHeader(
    GroupId Group, NodeId Node, long Sequence, uint Salt, long PreviousEnd, long FirstBatch,
    LogIndex LastIndex, HardState HardState, SnapshotMeta? Snapshot)
{
    private const uint Magic = 0x4C415751; // "QWAL"
    private const uint Version = 1;
    private const int BodyOffset = 16;
    private const int Alignment = 4096;

    public byte[] Encode()
    {
        var writer = new ByteWriter();
        writer.UInt32(Magic);
        writer.UInt32(Version);
        writer.UInt32(0);
        writer.UInt32(0);
        writer.VarInt(Group.Value);
        EntryCodec.WriteNode(writer, Node);
        writer.Int64(Sequence);
        writer.UInt32(Salt);
        writer.Int64(PreviousEnd);
        writer.Int64(FirstBatch);
        writer.VarInt(LastIndex.Value);
        EntryCodec.WriteHardState(writer, HardState);
        writer.Bool(Snapshot is not null);
        if (Snapshot is not null)
        {
            EntryCodec.WriteSnapshotMeta(writer, Snapshot);
        }

        writer.PatchUInt32(8, (uint)(writer.Length - BodyOffset));
        writer.PatchUInt32(12, Crc32C.Compute(writer.WrittenSpan[BodyOffset..]));
        var padded = new byte[PaddedLength(writer.Length)];
        writer.WrittenSpan.CopyTo(padded);
        return padded;
    }

    /// <summary>Reads a header; <paramref name="length"/> is where the records begin.</summary>
    /// <exception cref="FormatException">It is damaged, or of another version.</exception>
    public static SegmentHeader Decode(ReadOnlyMemory<byte> segment, out int length)
    {
        var reader = new ByteReader(segment);
        if (reader.UInt32() != Magic)
        {
            throw new FormatException("not a log segment");
        }

        var version = reader.UInt32();
        if (version != Version)
        {
            throw new FormatException($"log format {version}, this program reads {Version}");
        }

        var bodyLength = reader.UInt32();
        var checksum = reader.UInt32();
        if (bodyLength > segment.Length - BodyOffset
            || Crc32C.Compute(segment.Span.Slice(BodyOffset, (int)bodyLength)) != checksum)
        {
            throw new FormatException("the checksum of the segment header does not match");
        }

        length = PaddedLength(BodyOffset + (int)bodyLength);
        return length <= segment.Length
            ? DecodeBody(segment.Slice(BodyOffset, (int)bodyLength))
            : throw new FormatException("the segment ends inside its header");
    }

    private static SegmentHeader DecodeBody(ReadOnlyMemory<byte> body)
    {
        var reader = new ByteReader(body);
        var header = new SegmentHeader(
            new GroupId((uint)reader.VarInt()),
            EntryCodec.ReadNode(ref reader),
            reader.Int64(),
            reader.UInt32(),
            reader.Int64(),
            reader.Int64(),
            EntryCodec.ReadIndex(ref reader),
            EntryCodec.ReadHardState(ref reader),
            reader.Bool() ? EntryCodec.ReadSnapshotMeta(ref reader) : null);
        reader.End();
        return header;
    }

    private static int PaddedLength(int length) => (length + Alignment - 1) / Alignment * Alignment;
}
