using System.Buffers.Binary;
using Quorate.Core.StateMachine.Blobs;

namespace Quorate.Node.Blobs;

/// <summary>
/// How chunks travel to and from a node, on connections that carry nothing else: a long answer here delays no vote and no heartbeat.
/// Each request is answered before the next is read.
/// <code>
///   | length: 4 | kind: 1 | digest: 32 … | content |              | length: 4 | answer: 1 | content |
///
///   Store(digest, content)  ────────▶      ◀────────  Done, when it is durable | WrongDigest | DiskFull | Failed(why)
///   Fetch(digest)           ────────▶      ◀────────  Done(content) | Missing
///   Has(digest …)           ────────▶      ◀────────  Done(one byte for each: 0 or 1)
///   Status                  ────────▶      ◀────────  Done(seven numbers of 8 bytes)
/// </code>
/// </summary>
internal static class ChunkProtocol
{
    /// <summary>Bytes before the content: the length of what follows it, and the kind.</summary>
    public const int HeaderBytes = 5;

    /// <summary>Digests in one question.</summary>
    public const int MaxAsked = 1024;

    public const int MaxBodyBytes = Digest.Length + BlobLimits.ChunkBytes;

    /// <summary>How long a request may take, its answer included.</summary>
    public static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(10);

    public enum Kind : byte
    {
        Store = 1,
        Fetch = 2,
        Has = 3,
        Status = 4,
    }

    public enum Answer : byte
    {
        Done = 1,
        Missing = 2,
        WrongDigest = 3,
        DiskFull = 4,
        Failed = 5,
    }

    public static void WriteHeader(Span<byte> header, byte kind, int length)
    {
        BinaryPrimitives.WriteInt32LittleEndian(header, length);
        header[4] = kind;
    }

    /// <exception cref="FormatException">More than <see cref="MaxBodyBytes"/> would follow.</exception>
    public static (byte Kind, int Length) ReadHeader(ReadOnlySpan<byte> header)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(header);
        return length is >= 0 and <= MaxBodyBytes ? (header[4], length) : throw new FormatException($"a frame of {length} bytes; 0 to {MaxBodyBytes} are accepted");
    }

    public static byte[] Encode(ChunkStatus status)
    {
        var bytes = new byte[7 * sizeof(long)];
        long[] numbers = [status.Chunks, status.Bytes, status.Missing, status.Fetched, status.Corrupt, status.Repaired, status.Collected];
        for (var i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), numbers[i]);
        }

        return bytes;
    }

    /// <exception cref="FormatException">The bytes are no status.</exception>
    public static ChunkStatus DecodeStatus(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != 7 * sizeof(long))
        {
            throw new FormatException($"{bytes.Length} bytes are no status of chunks");
        }

        return new ChunkStatus(At(bytes, 0), At(bytes, 1), At(bytes, 2), At(bytes, 3), At(bytes, 4), At(bytes, 5), At(bytes, 6));
    }

    private static long At(ReadOnlySpan<byte> bytes, int place) => BinaryPrimitives.ReadInt64LittleEndian(bytes[(place * sizeof(long))..]);
}
