using System.Buffers.Binary;
using System.Text;

namespace Quorate.Bench.Peers;

/// <summary>Writes the little of protocol buffers that etcd's requests need: strings, numbers and messages in messages.</summary>
internal sealed class ProtobufWriter
{
    private readonly MemoryStream _bytes = new();

    public ProtobufWriter Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public ProtobufWriter Message(int field, ProtobufWriter message) => Bytes(field, message._bytes.ToArray());

    /// <summary>Written even when it is 0, as a choice among several fields asks for.</summary>
    public ProtobufWriter Number(int field, long value)
    {
        VarInt((uint)field << 3);
        VarInt((ulong)value);
        return this;
    }

    /// <summary>As gRPC sends it: not compressed, length, message.</summary>
    public byte[] ToGrpcFrame()
    {
        var frame = new byte[5 + _bytes.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), (int)_bytes.Length);
        _bytes.ToArray().CopyTo(frame, 5);
        return frame;
    }

    private ProtobufWriter Bytes(int field, byte[] value)
    {
        VarInt((uint)field << 3 | 2);
        VarInt((uint)value.Length);
        _bytes.Write(value);
        return this;
    }

    private void VarInt(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _bytes.WriteByte((byte)(value | 0x80));
        }

        _bytes.WriteByte((byte)value);
    }
}

/// <summary>Reads a message field by field: numbers and byte strings, which is all that etcd's answers have.</summary>
internal sealed class ProtobufMessage
{
    private readonly List<(int Field, ulong Number, ReadOnlyMemory<byte> Bytes)> _fields = [];

    /// <exception cref="BenchException">The bytes are not such a message.</exception>
    public ProtobufMessage(ReadOnlyMemory<byte> data)
    {
        var position = 0;
        while (position < data.Length)
        {
            var key = VarInt(data.Span, ref position);
            var value = (key & 7) is 0 or 2 ? VarInt(data.Span, ref position) : throw new BenchException($"unexpected field type {key & 7}");
            var bytes = ReadOnlyMemory<byte>.Empty;
            if ((key & 7) == 2)
            {
                bytes = data.Slice(position, checked((int)value));
                position += bytes.Length;
            }

            _fields.Add(((int)(key >> 3), value, bytes));
        }
    }

    /// <summary>0 when the field is missing, as protocol buffers have it.</summary>
    public long Number(int field) => (long)_fields.LastOrDefault(item => item.Field == field).Number;

    public string Text(int field) => Encoding.UTF8.GetString(_fields.LastOrDefault(item => item.Field == field).Bytes.Span);

    public IReadOnlyList<ProtobufMessage> Messages(int field) =>
        [.. _fields.Where(item => item.Field == field).Select(item => new ProtobufMessage(item.Bytes))];

    private static ulong VarInt(ReadOnlySpan<byte> data, ref int position)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64 && position < data.Length; shift += 7)
        {
            var next = data[position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new BenchException("a number in an answer of etcd does not end");
    }
}
