using Quorate.Core.Codec;
using Quorate.Core.Raft;

namespace Quorate.Node.Storage;

/// <summary>
/// The snapshot file, which is also what travels to a follower:
/// <code>
///   | magic | version | length | crc-32c | group, position in the log |      header
///   | length | crc-32c | up to 256 KiB of payload | ...                      blocks
///   | 0 | crc-32c | payload bytes | blocks |                                 footer
/// </code>
/// Each checksum is seeded with the one before it, so that a block that is lost, repeated or moved shows as well.
/// The payload is a sequence of records, each after its length in four bytes.
/// </summary>
internal static class SnapshotFormat
{
    public const string Extension = ".snap";
    public const string TemporaryExtension = ".tmp";
    public const string DamagedExtension = ".damaged";
    public const int BlockBytes = 256 << 10;
    public const int BlockHeaderSize = 8;
    public const int FooterSize = BlockHeaderSize + 16;

    private const uint Magic = 0x504E5351; // "QSNP"
    private const uint Version = 1;
    private const int BodyOffset = 16;

    /// <summary>Room for the ids of more members than any cluster has.</summary>
    private const int MaxHeaderBytes = 256 << 10;

    public static string NameOf(SnapshotMeta meta) => $"{meta.Index.Value:D20}-{meta.Term.Value:D20}{Extension}";

    /// <param name="checksum">Seeds the first block.</param>
    public static byte[] EncodeHeader(GroupId group, SnapshotMeta meta, out uint checksum)
    {
        var writer = new ByteWriter();
        writer.UInt32(Magic);
        writer.UInt32(Version);
        writer.UInt32(0);
        writer.UInt32(0);
        writer.VarInt(group.Value);
        EntryCodec.WriteSnapshotMeta(writer, meta);
        checksum = Crc32C.Compute(writer.WrittenSpan[BodyOffset..]);
        writer.PatchUInt32(8, (uint)(writer.Length - BodyOffset));
        writer.PatchUInt32(12, checksum);
        return writer.ToArray();
    }

    /// <exception cref="FormatException">It is damaged, or of another version.</exception>
    public static SnapshotHeader ReadHeader(Stream stream)
    {
        var start = new byte[BodyOffset];
        var read = stream.ReadAtLeast(start, BodyOffset, throwOnEndOfStream: false);
        var reader = new ByteReader(start.AsMemory(0, read));
        if (reader.UInt32() != Magic)
        {
            throw new FormatException("not a snapshot");
        }

        var version = reader.UInt32();
        if (version != Version)
        {
            throw new FormatException($"snapshot format {version}, this program reads {Version}");
        }

        var length = reader.UInt32();
        var checksum = reader.UInt32();
        if (length > MaxHeaderBytes)
        {
            throw new FormatException("the header's length is damaged");
        }

        var body = new byte[length];
        if (stream.ReadAtLeast(body, body.Length, throwOnEndOfStream: false) < body.Length || Crc32C.Compute(body) != checksum)
        {
            throw new FormatException("the checksum of the header does not match");
        }

        var content = new ByteReader(body);
        var group = new GroupId((uint)content.VarInt());
        var meta = EntryCodec.ReadSnapshotMeta(ref content);
        content.End();
        return new SnapshotHeader(group, meta, checksum);
    }
}

/// <param name="Checksum">Seeds the first block.</param>
internal sealed record SnapshotHeader(GroupId Group, SnapshotMeta Meta, uint Checksum);
