using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Quorate.Contracts;

namespace Quorate.Bench.Load.Clients;

/// <summary>
/// Enqueues messages, takes as many from the same queue and acks them: three requests through the gateway's REST API, each answered when
/// it is durable. What it takes may be what another client enqueued. It can also do only the first of it, or the rest.
/// </summary>
internal sealed class QuorateQueueClient : Http1Client
{
    private static readonly byte[] ReceiptName = "\"receipt\":\""u8.ToArray();

    private readonly int _batch;
    private readonly byte[] _enqueuePath;
    private readonly byte[] _dequeuePath;
    private readonly byte[] _ackPath;
    private readonly byte[] _count;
    private readonly byte[] _enqueue;
    private readonly byte[] _dequeue;
    private readonly ArrayBufferWriter<byte> _ack = new();
    private readonly Step _first;
    private readonly Step _last;
    private Step _step;
    private LoadRun? _run;
    private long _begunAt;

    /// <param name="batch">Messages in one request.</param>
    public QuorateQueueClient(IPEndPoint gateway, string queue, int batch, QueueWork work = QueueWork.Both)
        : base(gateway)
    {
        _batch = batch;
        _first = work == QueueWork.Consume ? Step.Dequeue : Step.Enqueue;
        _last = work == QueueWork.Enqueue ? Step.Enqueue : Step.Ack;
        _enqueuePath = Head(gateway, Routes.Queue(queue) + "/messages");
        _dequeuePath = Head(gateway, Routes.Queue(queue) + "/dequeue");
        _ackPath = Head(gateway, Routes.Queue(queue) + "/ack");
        _count = Encoding.UTF8.GetBytes(batch.ToString(CultureInfo.InvariantCulture));
        _enqueue = EnqueueBody(batch);
        _dequeue = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"max":{{batch}}}"""));
    }

    private enum Step
    {
        Enqueue,
        Dequeue,
        Ack,
    }

    public override void Begin(LoadRun run)
    {
        _run = run;
        _begunAt = Stopwatch.GetTimestamp();
        _step = _first;
        Ask(default);
    }

    protected override void Answered(ReadOnlySpan<byte> body)
    {
        if (_step == Step.Ack && !JsonText.After(body, "\"count\":"u8, ",}"u8).SequenceEqual(_count))
        {
            throw new BenchException($"not all of {_batch} messages were acked");
        }

        if (_step == _last)
        {
            if (_run!.Complete(_batch, _begunAt))
            {
                Begin(_run);
            }

            return;
        }

        _step++;
        Ask(body);
    }

    private void Ask(ReadOnlySpan<byte> before)
    {
        switch (_step)
        {
            case Step.Enqueue:
                Post(_enqueuePath, _enqueue);
                break;
            case Step.Dequeue:
                Post(_dequeuePath, _dequeue);
                break;
            default:
                WriteAck(before);
                Post(_ackPath, _ack.WrittenSpan);
                break;
        }
    }

    /// <summary>A request with messages whose bodies are JSON texts of <see cref="QueuePayload.Bytes"/>, quotes included.</summary>
    private static byte[] EnqueueBody(int batch) =>
        Encoding.UTF8.GetBytes($$"""{"messages":[{{string.Join(',', Enumerable.Repeat($$"""{"body":{{QueuePayload.Json}}}""", batch))}}]}""");

    private void WriteAck(ReadOnlySpan<byte> delivered)
    {
        _ack.ResetWrittenCount();
        _ack.Write("{\"receipts\":["u8);
        var count = 0;
        for (var at = delivered.IndexOf(ReceiptName); at >= 0; at = delivered.IndexOf(ReceiptName), count++)
        {
            delivered = delivered[(at + ReceiptName.Length)..];
            _ack.Write(count == 0 ? "\""u8 : ",\""u8);
            _ack.Write(delivered[..(delivered.IndexOf((byte)'"') + 1)]);
        }

        _ack.Write("]}"u8);
        if (count != _batch)
        {
            throw new BenchException($"{count} messages were delivered instead of {_batch}");
        }
    }
}

/// <summary>What of a message's way a client does.</summary>
internal enum QueueWork
{
    Both,
    Enqueue,
    Consume,
}
