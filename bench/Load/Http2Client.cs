using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Quorate.Bench.Load;

/// <summary>
/// As much of HTTP/2 (RFC 9113) as one request after the other needs, without TLS: nothing is allocated for a request, and no header is
/// compressed. A gRPC call that fails brings no message, so that an answer with a body is one that succeeded.
/// </summary>
internal abstract class Http2Client : LoadClient
{
    private const int FrameHeader = 9;
    private const int WindowBytes = int.MaxValue;
    private const byte EndStream = 1;
    private const byte EndHeaders = 4;
    private const byte Ack = 1;
    private const byte Padded = 8;
    private const byte StatusOk = 0x88;

    private readonly ArrayBufferWriter<byte> _request = new();
    private readonly ArrayBufferWriter<byte> _answer = new();
    private int _stream = -1;
    private bool _waits;
    private long _sendWindow = 65_535;
    private long _receiveWindow = WindowBytes;

    protected Http2Client(IPEndPoint server)
        : base(server)
    {
        var hello = new ArrayBufferWriter<byte>();
        hello.Write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);

        // No table of headers, no pushed streams, and windows that a run does not use up.
        WriteFrame(hello, FrameType.Settings, 0, 0, [0, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 4, 0x7F, 0xFF, 0xFF, 0xFF]);
        WriteWindowUpdate(hello, WindowBytes - 65_535);
        Send(hello.WrittenSpan);
    }

    public override bool IsIdle => !_waits;

    /// <summary>A POST as HPACK has it (RFC 7541), every header literally.</summary>
    /// <param name="more">Further headers, the names in lower case.</param>
    public static byte[] Headers(string authority, string path, string contentType, params IEnumerable<(string Name, string Value)> more)
    {
        var block = new MemoryStream();
        block.Write([0x83, 0x86]);
        Literal([0x04], path);
        Literal([0x01], authority);
        Literal([0x0F, 0x10], contentType);
        foreach (var (name, value) in more)
        {
            Literal([0x00, (byte)name.Length, .. Encoding.ASCII.GetBytes(name)], value);
        }

        return block.ToArray();

        void Literal(ReadOnlySpan<byte> name, string value)
        {
            block.Write(name);
            block.WriteByte(value.Length < 127 ? (byte)value.Length : throw new BenchException($"'{value}' is too long for a header"));
            block.Write(Encoding.ASCII.GetBytes(value));
        }
    }

    /// <summary>Sends a request and returns; <see cref="Answered"/> follows. One at a time.</summary>
    protected void Post(byte[] headers, ReadOnlySpan<byte> body)
    {
        while (_sendWindow < body.Length)
        {
            Receive();
        }

        _stream += 2;
        _waits = true;
        _sendWindow -= body.Length;
        _answer.ResetWrittenCount();
        _request.ResetWrittenCount();
        WriteFrame(_request, FrameType.Headers, EndHeaders, _stream, headers);
        WriteFrame(_request, FrameType.Data, EndStream, _stream, body);
        Send(_request.WrittenSpan);
    }

    /// <summary>The answer's body; status 200 is certain.</summary>
    protected abstract void Answered(ReadOnlySpan<byte> body);

    protected override int Take(ReadOnlySpan<byte> received)
    {
        if (received.Length < FrameHeader)
        {
            return 0;
        }

        var length = received[0] << 16 | received[1] << 8 | received[2];
        if (received.Length < FrameHeader + length)
        {
            return 0;
        }

        var stream = BinaryPrimitives.ReadInt32BigEndian(received[5..]);
        Handle((FrameType)received[3], received[4], stream, received.Slice(FrameHeader, length));
        return FrameHeader + length;
    }

    private void Handle(FrameType type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        switch (type)
        {
            case FrameType.Headers:
                if (_answer.WrittenCount == 0 && !IsOk(payload))
                {
                    throw new BenchException($"a request was not answered with 200 (header block {Convert.ToHexString(payload[..Math.Min(40, payload.Length)])})");
                }

                break;
            case FrameType.Data:
                _answer.Write((flags & Padded) == 0 ? payload : throw new BenchException("a padded frame came"));
                Reopen(payload.Length);
                break;
            case FrameType.Settings when (flags & Ack) == 0:
                Reply(FrameType.Settings, []);
                return;
            case FrameType.Ping when (flags & Ack) == 0:
                Reply(FrameType.Ping, payload);
                return;
            case FrameType.WindowUpdate when stream == 0:
                _sendWindow += BinaryPrimitives.ReadInt32BigEndian(payload);
                return;
            case FrameType.Reset or FrameType.GoAway:
                throw new BenchException($"the server ended a stream or the connection ({type})");
            default:
                return;
        }

        if ((flags & EndStream) != 0 && stream == _stream)
        {
            _waits = false;
            Answered(_answer.WrittenSpan);
        }
    }

    /// <summary>Whether the block begins with ":status: 200", after what changes the size of the table.</summary>
    private static bool IsOk(ReadOnlySpan<byte> block)
    {
        while (!block.IsEmpty && (block[0] & 0xE0) == 0x20)
        {
            block = block[1..];
        }

        return !block.IsEmpty && block[0] == StatusOk;
    }

    private void Reopen(int bytes)
    {
        _receiveWindow -= bytes;
        if (_receiveWindow < WindowBytes / 2)
        {
            var update = new ArrayBufferWriter<byte>();
            WriteWindowUpdate(update, (int)(WindowBytes - _receiveWindow));
            Send(update.WrittenSpan);
            _receiveWindow = WindowBytes;
        }
    }

    private void Reply(FrameType type, ReadOnlySpan<byte> payload)
    {
        var reply = new ArrayBufferWriter<byte>();
        WriteFrame(reply, type, Ack, 0, payload);
        Send(reply.WrittenSpan);
    }

    private static void WriteWindowUpdate(ArrayBufferWriter<byte> writer, int bytes)
    {
        Span<byte> increment = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(increment, bytes);
        WriteFrame(writer, FrameType.WindowUpdate, 0, 0, increment);
    }

    private static void WriteFrame(ArrayBufferWriter<byte> writer, FrameType type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        var header = writer.GetSpan(FrameHeader);
        BinaryPrimitives.WriteInt32BigEndian(header, payload.Length << 8 | (byte)type);
        header[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(header[5..], stream);
        writer.Advance(FrameHeader);
        writer.Write(payload);
    }

    private enum FrameType : byte
    {
        Data = 0,
        Headers = 1,
        Reset = 3,
        Settings = 4,
        Ping = 6,
        GoAway = 7,
        WindowUpdate = 8,
    }
}
