using System.Buffers.Binary;
using System.Numerics;

namespace Quorate.Node.Storage;

/// <summary>CRC-32C (Castagnoli polynomial, as in RFC 3720 appendix B.4), by the processor's own instruction where it has one.</summary>
internal static class Crc32C
{
    /// <param name="seed">The checksum of what comes before <paramref name="data"/>, or any number that a foreign record must not match.</param>
    public static uint Compute(ReadOnlySpan<byte> data, uint seed = 0)
    {
        var crc = ~seed;
        while (data.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
            data = data[sizeof(ulong)..];
        }

        foreach (var value in data)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
