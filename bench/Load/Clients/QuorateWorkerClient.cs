using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Text;
using Quorate.Contracts;

namespace Quorate.Bench.Load.Clients;

/// <summary>
/// Acks the message it took last, enqueues one and takes one: a single request through <c>POST /api/v1/batch</c>, answered when all of it is durable.
/// Like RabbitMQ's client it waits once for each message, and its ack goes out with the next.
/// </summary>
internal sealed class QuorateWorkerClient : Http1Client
{
    private readonly byte[] _path;
    private readonly byte[] _ackStart;
    private readonly byte[] _work;
    private readonly ArrayBufferWriter<byte> _request = new();
    private readonly byte[] _receipt = new byte[64];
    private int _receiptLength;
    private bool _acks;
    private LoadRun? _run;
    private long _begunAt;

    public QuorateWorkerClient(IPEndPoint gateway, string queue)
        : base(gateway)
    {
        _path = Head(gateway, Routes.Batch);
        _ackStart = Encoding.UTF8.GetBytes($$"""{"op":"ack","queue":"{{queue}}","receipts":[""");
        _work = Encoding.UTF8.GetBytes(
            $$"""{"op":"enqueue","queue":"{{queue}}","messages":[{"body":{{QueuePayload.Json}}}]},{"op":"dequeue","queue":"{{queue}}"}""");
    }

    private bool HasMessage => _receiptLength > 0;

    public override void Begin(LoadRun run)
    {
        _run = run;
        _begunAt = Stopwatch.GetTimestamp();
        Ask(isLast: false);
    }

    protected override void Answered(ReadOnlySpan<byte> body)
    {
        if (body.IndexOf("\"ok\":false"u8) >= 0 || (_acks && body.IndexOf("\"count\":1"u8) < 0))
        {
            throw new BenchException($"an operation was refused: {Encoding.UTF8.GetString(body)}");
        }

        if (body.IndexOf("\"receipt\":\""u8) < 0)
        {
            // The answer to the last ack, unless a message was there and did not come.
            _ = HasMessage ? _receiptLength = 0 : throw new BenchException("no message was delivered");
            return;
        }

        var receipt = JsonText.After(body, "\"receipt\":\""u8, "\""u8);
        receipt.CopyTo(_receipt);
        _receiptLength = receipt.Length;
        if (_run!.Complete(1, _begunAt))
        {
            Begin(_run);
        }
        else
        {
            Ask(isLast: true);
        }
    }

    private void Ask(bool isLast)
    {
        _acks = HasMessage;
        _request.ResetWrittenCount();
        _request.Write("{\"operations\":["u8);
        if (_acks)
        {
            _request.Write(_ackStart);
            _request.Write("\""u8);
            _request.Write(_receipt.AsSpan(0, _receiptLength));
            _request.Write("\"]}"u8);
        }

        if (!isLast)
        {
            _request.Write(_acks ? ","u8 : default);
            _request.Write(_work);
        }

        _request.Write("]}"u8);
        Post(_path, _request.WrittenSpan);
    }
}
