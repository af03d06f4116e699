using System.Buffers.Binary;

namespace Quorate.Node.Storage;

/// <summary>What a record of the log holds. No value is 0 and none has a single bit set, so a lost page never looks like one.</summary>
internal enum WalRecordType : byte
{
    HardState = 0xA1,
    Entry = 0xA2,
    InstalledSnapshot = 0xA3,
}

/// <summary>
/// One record as found in a segment:
/// <code>
///   0     1       2       4          8         16        20
///   | type | flags | mark  | length   | batch   | crc-32c | payload ...
/// </code>
/// The checksum covers everything but itself and is seeded with the segment's salt: bytes that a client stored, or that an
/// earlier use of the blocks left behind, can never pass for a record of this segment.
/// </summary>
internal readonly record struct WalRecord(int Offset, WalRecordType Type, bool EndsBatch, long Batch, ReadOnlyMemory<byte> Payload)
{
    public const int HeaderSize = 20;

    /// <summary>Where in a record its mark stands; <see cref="Mark"/> finds candidates after damage.</summary>
    public const int MarkOffset = 2;

    public const int LengthOffset = 4;
    public const int BatchOffset = 8;
    public const int CrcOffset = 16;

    private const byte EndsBatchFlag = 1;

    public static ReadOnlySpan<byte> Mark => [0xE5, 0xC3];

    public int End => Offset + HeaderSize + Payload.Length;

    public static uint FirstWord(WalRecordType type, bool endsBatch) =>
        (uint)type | (endsBatch ? (uint)EndsBatchFlag << 8 : 0) | (uint)BinaryPrimitives.ReadUInt16LittleEndian(Mark) << 16;

    public static uint Checksum(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, uint salt) =>
        Crc32C.Compute(payload, Crc32C.Compute(header[..CrcOffset], salt));

    /// <summary>The record at <paramref name="offset"/>, when there is an undamaged one.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> segment, int offset, uint salt, out WalRecord record)
    {
        record = default;
        var rest = segment.Span[offset..];
        if (rest.Length < HeaderSize || !rest.Slice(MarkOffset, Mark.Length).SequenceEqual(Mark))
        {
            return false;
        }

        var type = (WalRecordType)rest[0];
        var flags = rest[1];
        var length = BinaryPrimitives.ReadUInt32LittleEndian(rest[LengthOffset..]);
        if (type is < WalRecordType.HardState or > WalRecordType.InstalledSnapshot || flags > EndsBatchFlag || length > rest.Length - HeaderSize)
        {
            return false;
        }

        var payload = rest.Slice(HeaderSize, (int)length);
        if (BinaryPrimitives.ReadUInt32LittleEndian(rest[CrcOffset..]) != Checksum(rest, payload, salt))
        {
            return false;
        }

        var batch = BinaryPrimitives.ReadInt64LittleEndian(rest[BatchOffset..]);
        record = new WalRecord(offset, type, flags == EndsBatchFlag, batch, segment.Slice(offset + HeaderSize, (int)length));
        return true;
    }
}
