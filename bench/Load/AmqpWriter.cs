using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Quorate.Bench.Load;

/// <summary>Writes frames of AMQP 0-9-1 into one buffer, so that many go out together.</summary>
internal sealed class AmqpWriter
{
    private const byte FrameEnd = 0xCE;

    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly ArrayBufferWriter<byte> _payload = new();

    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    public void Clear() => _bytes.ResetWrittenCount();

    public void Raw(ReadOnlySpan<byte> bytes) => _bytes.Write(bytes);

    /// <summary>Begins a method; its arguments follow, then <see cref="End"/>.</summary>
    public AmqpWriter Method(AmqpMethod method) => UInt32((uint)method);

    public AmqpWriter Byte(byte value)
    {
        _payload.Write([value]);
        return this;
    }

    public AmqpWriter UInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_payload.GetSpan(2), value);
        _payload.Advance(2);
        return this;
    }

    public AmqpWriter UInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_payload.GetSpan(4), value);
        _payload.Advance(4);
        return this;
    }

    public AmqpWriter UInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(_payload.GetSpan(8), value);
        _payload.Advance(8);
        return this;
    }

    public AmqpWriter ShortText(string value)
    {
        Byte((byte)value.Length);
        Encoding.UTF8.GetBytes(value, _payload);
        return this;
    }

    public AmqpWriter LongText(string value)
    {
        UInt32((uint)value.Length);
        Encoding.UTF8.GetBytes(value, _payload);
        return this;
    }

    /// <summary>A table with at most one entry, a text.</summary>
    public AmqpWriter Table(string? name = null, string value = "") => name is null
        ? UInt32(0)
        : UInt32((uint)(1 + name.Length + 1 + 4 + value.Length)).ShortText(name).Byte((byte)'S').LongText(value);

    public AmqpWriter Bytes(ReadOnlySpan<byte> bytes)
    {
        _payload.Write(bytes);
        return this;
    }

    /// <summary>Makes a frame of what was written since the last one.</summary>
    public void End(AmqpFrame type, ushort channel)
    {
        var header = _bytes.GetSpan(7);
        header[0] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(header[1..], channel);
        BinaryPrimitives.WriteInt32BigEndian(header[3..], _payload.WrittenCount);
        _bytes.Advance(7);
        _bytes.Write(_payload.WrittenSpan);
        _bytes.Write([FrameEnd]);
        _payload.ResetWrittenCount();
    }
}

internal enum AmqpFrame : byte
{
    Method = 1,
    Header = 2,
    Body = 3,
    Heartbeat = 8,
}

/// <summary>Class and method as they stand one after the other in a frame.</summary>
internal enum AmqpMethod : uint
{
    ConnectionStart = 10 << 16 | 10,
    ConnectionStartOk = 10 << 16 | 11,
    ConnectionTune = 10 << 16 | 30,
    ConnectionTuneOk = 10 << 16 | 31,
    ConnectionOpen = 10 << 16 | 40,
    ConnectionOpenOk = 10 << 16 | 41,
    ConnectionClose = 10 << 16 | 50,
    ChannelOpen = 20 << 16 | 10,
    ChannelOpenOk = 20 << 16 | 11,
    ChannelClose = 20 << 16 | 40,
    QueueDeclare = 50 << 16 | 10,
    QueueDeclareOk = 50 << 16 | 11,
    BasicQos = 60 << 16 | 10,
    BasicQosOk = 60 << 16 | 11,
    BasicConsume = 60 << 16 | 20,
    BasicConsumeOk = 60 << 16 | 21,
    BasicPublish = 60 << 16 | 40,
    BasicDeliver = 60 << 16 | 60,
    BasicAck = 60 << 16 | 80,
    BasicNack = 60 << 16 | 120,
    ConfirmSelect = 85 << 16 | 10,
    ConfirmSelectOk = 85 << 16 | 11,
}
