using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Text;

namespace Quorate.Bench.Load;

/// <summary>As much of HTTP/1.1 (RFC 9112) as one POST after the other on one connection needs. Of the same make as <see cref="Http2Client"/>.</summary>
internal abstract class Http1Client(IPEndPoint server) : LoadClient(server)
{
    private static readonly byte[] HeadEnd = "\r\n\r\n"u8.ToArray();
    private static readonly byte[] Ok = "HTTP/1.1 200 "u8.ToArray();

    private readonly ArrayBufferWriter<byte> _request = new();
    private readonly ArrayBufferWriter<byte> _answer = new();
    private bool _waits;

    public override bool IsIdle => !_waits;

    /// <summary>What comes before the length of the body.</summary>
    protected static byte[] Head(IPEndPoint server, string path) =>
        Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: {server}\r\nContent-Type: application/json\r\nContent-Length: ");

    /// <summary>Sends a request and returns; <see cref="Answered"/> follows. One at a time.</summary>
    protected void Post(byte[] head, ReadOnlySpan<byte> body)
    {
        _waits = true;
        _request.ResetWrittenCount();
        _request.Write(head);
        Utf8Formatter.TryFormat(body.Length, _request.GetSpan(11), out var digits);
        _request.Advance(digits);
        _request.Write(HeadEnd);
        _request.Write(body);
        Send(_request.WrittenSpan);
    }

    /// <summary>The answer's body; status 200 is certain.</summary>
    protected abstract void Answered(ReadOnlySpan<byte> body);

    /// <summary>Handles one answer; its parts are looked at again when not all of it has come.</summary>
    protected override int Take(ReadOnlySpan<byte> received)
    {
        var headLength = received.IndexOf(HeadEnd);
        if (headLength < 0)
        {
            return 0;
        }

        var head = received[..headLength];
        if (!head.StartsWith(Ok))
        {
            throw new BenchException($"a request was answered {Encoding.UTF8.GetString(received)}");
        }

        var body = received[(headLength + HeadEnd.Length)..];
        var length = LengthOf(head) is { } known ? TakeKnown(body, known) : TakeChunks(body);
        if (length < 0)
        {
            return 0;
        }

        _waits = false;
        Answered(_answer.WrittenSpan);
        return headLength + HeadEnd.Length + length;
    }

    private static int? LengthOf(ReadOnlySpan<byte> head)
    {
        var at = head.IndexOf("\r\nContent-Length: "u8);
        return at >= 0 && Utf8Parser.TryParse(head[(at + 18)..], out int length, out _) ? length : null;
    }

    private int TakeKnown(ReadOnlySpan<byte> body, int length)
    {
        if (body.Length < length)
        {
            return -1;
        }

        _answer.ResetWrittenCount();
        _answer.Write(body[..length]);
        return length;
    }

    private int TakeChunks(ReadOnlySpan<byte> body)
    {
        _answer.ResetWrittenCount();
        var taken = 0;
        while (true)
        {
            var line = body[taken..].IndexOf("\r\n"u8);
            if (line < 0)
            {
                return -1;
            }

            var size = int.Parse(body.Slice(taken, line), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            taken += line + 2;
            if (body.Length < taken + size + 2)
            {
                return -1;
            }

            _answer.Write(body.Slice(taken, size));
            taken += size + 2;
            if (size == 0)
            {
                return taken;
            }
        }
    }
}
