using System.Buffers.Binary;
using System.Text;

namespace Quorate.Core.Codec;

/// <summary>Reads what <see cref="ByteWriter"/> wrote. Whatever the bytes are, it answers or throws <see cref="FormatException"/>.</summary>
public ref struct ByteReader(ReadOnlyMemory<byte> source)
{
    private readonly ReadOnlyMemory<byte> _source = source;
    private readonly ReadOnlySpan<byte> _span = source.Span;

    public int Position { get; private set; }

    public readonly int Remaining => _span.Length - Position;

    public byte Byte() => Take(1)[0];

    /// <summary>The byte that comes next; it stays to be read.</summary>
    public readonly byte Peek() => Remaining > 0 ? _span[Position] : throw new FormatException($"a byte needed at {Position}, none left");

    /// <exception cref="FormatException">The byte is neither 0 nor 1.</exception>
    public bool Bool() => Byte() switch
    {
        0 => false,
        1 => true,
        var other => throw new FormatException($"{other} at {Position - 1} is not a flag"),
    };

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public long VarInt()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return (long)value;
            }
        }

        throw new FormatException($"number at {Position} is longer than 64 bits");
    }

    /// <summary>A count of things that each take at least one byte, so that a damaged count cannot ask for endless memory.</summary>
    public int Count()
    {
        var count = VarInt();
        return count >= 0 && count <= Remaining
            ? (int)count
            : throw new FormatException($"{count} items at {Position} do not fit into {Remaining} bytes");
    }

    /// <summary>A slice of the source; copy it when the source is used again.</summary>
    public ReadOnlyMemory<byte> Bytes()
    {
        var length = Count();
        var slice = _source.Slice(Position, length);
        Position += length;
        return slice;
    }

    public string String() => Encoding.UTF8.GetString(Bytes().Span);

    /// <summary>The same string when it is the one expected: what a thousand items have in common is in memory once.</summary>
    public string String(string? expected)
    {
        var bytes = Bytes().Span;
        return expected is not null && Ascii.Equals(bytes, expected) ? expected : Encoding.UTF8.GetString(bytes);
    }

    public string? OptionalString() => Bool() ? String() : null;

    public long? OptionalInt64() => Bool() ? VarInt() : null;

    /// <exception cref="FormatException">Bytes are left.</exception>
    public readonly void End()
    {
        if (Remaining != 0)
        {
            throw new FormatException($"{Remaining} bytes too many after {Position}");
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (Remaining < count)
        {
            throw new FormatException($"{count} bytes needed at {Position}, {Remaining} left");
        }

        var span = _span.Slice(Position, count);
        Position += count;
        return span;
    }
}
