using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Quorate.Core.StateMachine.Blobs;

/// <summary>A SHA-256: the name of a chunk, and the proof of a whole blob. Ordered as its bytes are.</summary>
public readonly record struct Digest(ulong First, ulong Second, ulong Third, ulong Fourth) : IComparable<Digest>
{
    /// <summary>Bytes of a digest.</summary>
    public const int Length = 32;

    /// <param name="bytes">At least <see cref="Length"/>; the rest is not looked at.</param>
    public static Digest Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64BigEndian(bytes),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]));

    /// <param name="hex">64 hexadecimal digits, of either case.</param>
    public static bool TryParse([NotNullWhen(true)] string? hex, out Digest digest)
    {
        Span<byte> bytes = stackalloc byte[Length];
        var parsed = hex?.Length == 2 * Length && Convert.FromHexString(hex, bytes, out _, out _) == System.Buffers.OperationStatus.Done;
        digest = parsed ? Read(bytes) : default;
        return parsed;
    }

    /// <param name="bytes">At least <see cref="Length"/>.</param>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, First);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Second);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], Third);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[24..], Fourth);
    }

    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        Write(bytes);
        return bytes;
    }

    public int CompareTo(Digest other)
    {
        var first = First.CompareTo(other.First);
        if (first != 0)
        {
            return first;
        }

        var second = Second.CompareTo(other.Second);
        if (second != 0)
        {
            return second;
        }

        var third = Third.CompareTo(other.Third);
        return third != 0 ? third : Fourth.CompareTo(other.Fourth);
    }

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public override string ToString() => Convert.ToHexStringLower(ToArray());
}
