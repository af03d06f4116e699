using System.Buffers;
using System.IO.Pipelines;
using Quorate.Core.Codec;
using Quorate.Core.Raft;
using Quorate.Core.StateMachine;
using Quorate.Node.Hosting;

namespace Quorate.Node.Transport;

/// <summary>
/// What waits for one client, and the loop that writes it: answers first, then the followed log. Many frames share a flush, and
/// everything is bounded. Engine and applier only put references here; encoding happens in the loop.
/// </summary>
internal sealed class ClientOutput(PipeWriter pipe, ClientLimits limits, Func<NodeStatus> status)
{
    /// <summary>Bytes encoded before a flush.</summary>
    private const int FlushBytes = 256 << 10;

    /// <summary>A buffer that a large frame has blown up beyond this is given back.</summary>
    private const int KeptCapacity = 4 << 20;

    private readonly Lock _gate = new();
    private readonly Queue<ClientReply> _replies = new();
    private readonly Queue<Followed> _followed = new();
    private readonly SemaphoreSlim _wake = new(0);
    private ByteWriter _writer = new(2 * FlushBytes);
    private ClientStateStream? _streaming;
    private long _queuedBytes;
    private long _epoch;
    private bool _restart;
    private bool _reportDue = true;
    private bool _overrun;
    private int _awake;
    private long _reportedAt;

    /// <summary>One thing of the followed log; exactly one part is set, or none: the client has fallen behind.</summary>
    private readonly record struct Followed(long Epoch, IReadOnlyList<Entry>? Entries, FrozenState? State, long Bytes);

    /// <summary>Bytes of entries that wait.</summary>
    public long QueuedBytes => Interlocked.Read(ref _queuedBytes);

    public void Reply(ClientReply reply)
    {
        lock (_gate)
        {
            _replies.Enqueue(reply);
            _overrun |= _replies.Count > limits.QueuedReplies;
        }

        Wake();
    }

    /// <summary>Reports the status as soon as possible.</summary>
    public void Report()
    {
        Volatile.Write(ref _reportDue, true);
        Wake();
    }

    /// <summary>From here on only what belongs to <paramref name="epoch"/> is taken; what waits is forgotten. 0: nothing is followed.</summary>
    public void BeginEpoch(long epoch)
    {
        lock (_gate)
        {
            _epoch = epoch;
            Forget();
        }

        Wake();
    }

    /// <returns>False when the client follows no more: it fell behind, now or before, or follows anew.</returns>
    public bool Entries(long epoch, IReadOnlyList<Entry> entries)
    {
        var bytes = 0L;
        foreach (var entry in entries)
        {
            bytes += entry.Size;
        }

        lock (_gate)
        {
            if (epoch != _epoch)
            {
                return false;
            }

            if (_queuedBytes > 0 && _queuedBytes + bytes > limits.QueuedEntryBytes)
            {
                _epoch = 0;
                _followed.Enqueue(new Followed(epoch, null, null, 0));
            }
            else
            {
                _followed.Enqueue(new Followed(epoch, entries, null, bytes));
                Interlocked.Add(ref _queuedBytes, bytes);
            }
        }

        Wake();
        return true;
    }

    /// <summary>The client begins anew with a state: what waited before it is of no use any more.</summary>
    public void State(long epoch, FrozenState state)
    {
        lock (_gate)
        {
            if (epoch == _epoch)
            {
                Forget();
                _followed.Enqueue(new Followed(epoch, null, state, 0));
            }
        }

        Wake();
    }

    /// <summary>Writes until it is cancelled.</summary>
    /// <exception cref="TimeoutException">The client takes nothing.</exception>
    /// <exception cref="IOException">The connection broke, or the client asks without reading.</exception>
    public async Task RunAsync(CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                while (Fill())
                {
                    await FlushAsync(cancel);
                }

                await _wake.WaitAsync(ClientProtocol.ReportInterval, cancel);
                Volatile.Write(ref _awake, 0);
            }
        }
        finally
        {
            _streaming?.Dispose();
        }
    }

    private void Wake()
    {
        if (Interlocked.Exchange(ref _awake, 1) == 0)
        {
            _wake.Release();
        }
    }

    /// <summary>Only with the gate held.</summary>
    private void Forget()
    {
        _followed.Clear();
        Interlocked.Exchange(ref _queuedBytes, 0);
        _restart = true;
    }

    private async Task FlushAsync(CancellationToken cancel)
    {
        pipe.Write(_writer.WrittenSpan);
        var flush = pipe.FlushAsync(cancel);
        if (flush.IsCompleted)
        {
            await flush;
        }
        else
        {
            await flush.AsTask().WaitAsync(limits.SendTimeout, cancel);
        }
    }

    /// <returns>Whether there is something to flush.</returns>
    private bool Fill()
    {
        ClearWriter();
        lock (_gate)
        {
            if (_overrun)
            {
                throw new IOException($"more than {limits.QueuedReplies} answers wait for the client");
            }

            while (_writer.Length < FlushBytes && _replies.TryDequeue(out var reply))
            {
                ClientReplyCodec.Write(_writer, reply);
            }
        }

        WriteReport();
        while (_writer.Length < FlushBytes && WriteFollowed())
        {
        }

        return _writer.Length > 0;
    }

    private void ClearWriter()
    {
        if (_writer.Length > KeptCapacity)
        {
            _writer = new ByteWriter(2 * FlushBytes);
        }
        else
        {
            _writer.Clear();
        }
    }

    private void WriteReport()
    {
        var now = Environment.TickCount64;
        if (_reportDue || now - _reportedAt >= ClientProtocol.ReportInterval.TotalMilliseconds)
        {
            Volatile.Write(ref _reportDue, false);
            _reportedAt = now;
            ClientReplyCodec.Write(_writer, new ClientReply.Report(status()));
        }
    }

    /// <returns>False when nothing of the followed log is left to write.</returns>
    private bool WriteFollowed()
    {
        Followed next;
        lock (_gate)
        {
            if (_restart)
            {
                _restart = false;
                _streaming?.Abandon(_writer);
                EndStreaming();
            }

            next = default;
            if (_streaming is null)
            {
                if (!_followed.TryDequeue(out next))
                {
                    return false;
                }

                Interlocked.Add(ref _queuedBytes, -next.Bytes);
            }
        }

        if (next.State is not null)
        {
            _streaming = new ClientStateStream(next.Epoch, next.State);
        }

        if (_streaming is not null)
        {
            if (!_streaming.WriteNext(_writer))
            {
                EndStreaming();
            }
        }
        else if (next.Entries is not null)
        {
            WriteEntries(next.Epoch, next.Entries);
        }
        else
        {
            ClientReplyCodec.Write(_writer, new ClientReply.Behind(next.Epoch));
        }

        return true;
    }

    private void EndStreaming()
    {
        _streaming?.Dispose();
        _streaming = null;
    }

    private void WriteEntries(long epoch, IReadOnlyList<Entry> entries)
    {
        var from = 0;
        while (from < entries.Count)
        {
            var to = from;
            for (var bytes = 0; to < entries.Count && bytes < ClientProtocol.BatchBytes; to++)
            {
                bytes += entries[to].Size;
            }

            ClientReplyCodec.Write(_writer, new ClientReply.Entries(epoch, from == 0 && to == entries.Count ? entries : [.. entries.Skip(from).Take(to - from)]));
            from = to;
        }
    }
}
