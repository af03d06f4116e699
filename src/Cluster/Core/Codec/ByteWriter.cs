using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Quorate.Core.Codec;

/// <summary>Writes the formats of log, wire and snapshot: little-endian numbers, LEB128 variable-length integers, length-prefixed bytes.</summary>
public sealed class ByteWriter(int capacity = 256) : IBufferWriter<byte>
{
    private byte[] _buffer = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> WrittenSpan => _buffer.AsSpan(0, Length);

    public ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, Length);

    /// <summary>Forgets what was written and keeps the buffer.</summary>
    public void Clear() => Length = 0;

    public byte[] ToArray() => WrittenSpan.ToArray();

    public void Byte(byte value) => Take(1)[0] = value;

    public void Bool(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void UInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(4), value);

    public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);

    /// <summary>1 to 10 bytes; small non-negative numbers are short. Negative numbers take ten bytes.</summary>
    public void VarInt(long value)
    {
        var rest = (ulong)value;
        while (rest >= 0x80)
        {
            Byte((byte)(rest | 0x80));
            rest >>= 7;
        }

        Byte((byte)rest);
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        VarInt(value.Length);
        value.CopyTo(Take(value.Length));
    }

    /// <summary>UTF-8 with its length in bytes before it.</summary>
    public void String(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        VarInt(length);
        Encoding.UTF8.GetBytes(value, Take(length));
    }

    /// <summary>A flag byte, then the string when there is one.</summary>
    public void OptionalString(string? value)
    {
        Bool(value is not null);
        if (value is not null)
        {
            String(value);
        }
    }

    public void OptionalInt64(long? value)
    {
        Bool(value is not null);
        if (value is { } number)
        {
            VarInt(number);
        }
    }

    /// <summary>Overwrites four bytes written earlier, such as a length that was not known then.</summary>
    public void PatchUInt32(int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(offset, 4), value);

    void IBufferWriter<byte>.Advance(int count) => Length += count;

    Memory<byte> IBufferWriter<byte>.GetMemory(int sizeHint)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsMemory(Length);
    }

    Span<byte> IBufferWriter<byte>.GetSpan(int sizeHint)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsSpan(Length);
    }

    private Span<byte> Take(int count)
    {
        Reserve(count);
        var span = _buffer.AsSpan(Length, count);
        Length += count;
        return span;
    }

    private void Reserve(int count)
    {
        if (_buffer.Length - Length < count)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, Length + count));
        }
    }
}
