using Quorate.Core.Codec;
using Quorate.Core.Raft;
using Quorate.Core.StateMachine;
using Quorate.Node.Hosting;

namespace Quorate.Node.Transport;

/// <summary>
/// What waits for one client: answers first, then the followed log. Many frames share a write, and everything is bounded. What is
/// said here is encoded by whoever writes, which <see cref="SocketOutput"/> decides.
/// </summary>
internal sealed class ClientOutput
{
    private readonly ClientLimits _limits;
    private readonly Func<NodeStatus> _status;
    private readonly SocketOutput _socket;
    private readonly Lock _gate = new();
    private readonly Queue<ClientReply> _replies = new();
    private readonly Queue<Followed> _followed = new();
    private ClientStateStream? _streaming;
    private long _queuedBytes;
    private long _epoch;
    private bool _restart;
    private bool _reportDue = true;
    private bool _overrun;
    private bool _closed;
    private long _reportedAt;

    public ClientOutput(ClientConnection connection, ClientLimits limits, Func<NodeStatus> status)
    {
        _limits = limits;
        _status = status;
        connection.Stream.WriteTimeout = (int)limits.SendTimeout.TotalMilliseconds;
        _socket = new SocketOutput(connection.Stream, connection.Direct, Fill);
    }

    /// <summary>One thing of the followed log; exactly one part is set, or none: the client has fallen behind.</summary>
    private readonly record struct Followed(long Epoch, IReadOnlyList<Entry>? Entries, FrozenState? State, long Bytes);

    /// <summary>Bytes of entries that wait.</summary>
    public long QueuedBytes => Interlocked.Read(ref _queuedBytes);

    /// <summary>Adds an answer, which leaves with the next <see cref="Flush"/>.</summary>
    public void Reply(ClientReply reply)
    {
        lock (_gate)
        {
            _replies.Enqueue(reply);
            _overrun |= _replies.Count > _limits.QueuedReplies;
        }
    }

    /// <summary>Writes what waits. Does not wait itself.</summary>
    public void Flush() => _socket.Flush();

    /// <summary>Reports the status as soon as possible.</summary>
    public void Report()
    {
        Volatile.Write(ref _reportDue, true);
        Flush();
    }

    /// <summary>From here on only what belongs to <paramref name="epoch"/> is taken; what waits is forgotten. 0: nothing is followed.</summary>
    public void BeginEpoch(long epoch)
    {
        lock (_gate)
        {
            _epoch = epoch;
            Forget();
        }

        Flush();
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

            if (_queuedBytes > 0 && _queuedBytes + bytes > _limits.QueuedEntryBytes)
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

        Flush();
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

        Flush();
    }

    /// <summary>Writes what <see cref="Flush"/> could not, and the status now and then. To be called again and again by one thread.</summary>
    /// <exception cref="IOException">The connection broke, the client takes nothing, or asks without reading.</exception>
    public void Pump()
    {
        _socket.Pump(ClientProtocol.ReportInterval);
        Flush();
    }

    /// <summary>Nothing is written any more; ends a waiting <see cref="Pump"/>.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
        }

        _socket.WakePump();
    }

    /// <summary>Only with the gate held.</summary>
    private void Forget()
    {
        _followed.Clear();
        Interlocked.Exchange(ref _queuedBytes, 0);
        _restart = true;
    }

    private void Fill(ByteWriter writer)
    {
        lock (_gate)
        {
            if (_overrun)
            {
                throw new IOException($"more than {_limits.QueuedReplies} answers wait for the client");
            }

            if (_closed)
            {
                return;
            }

            while (writer.Length < SocketOutput.WriteBytes && _replies.TryDequeue(out var reply))
            {
                ClientReplyCodec.Write(writer, reply);
            }
        }

        WriteReport(writer);
        while (writer.Length < SocketOutput.WriteBytes && WriteFollowed(writer))
        {
        }
    }

    private void WriteReport(ByteWriter writer)
    {
        var now = Environment.TickCount64;
        if (_reportDue || now - _reportedAt >= ClientProtocol.ReportInterval.TotalMilliseconds)
        {
            Volatile.Write(ref _reportDue, false);
            _reportedAt = now;
            ClientReplyCodec.Write(writer, new ClientReply.Report(_status()));
        }
    }

    /// <returns>False when nothing of the followed log is left to write.</returns>
    private bool WriteFollowed(ByteWriter writer)
    {
        Followed next;
        lock (_gate)
        {
            if (_restart)
            {
                _restart = false;
                _streaming?.Abandon(writer);
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
            if (!_streaming.WriteNext(writer))
            {
                EndStreaming();
            }
        }
        else if (next.Entries is not null)
        {
            WriteEntries(writer, next.Epoch, next.Entries);
        }
        else
        {
            ClientReplyCodec.Write(writer, new ClientReply.Behind(next.Epoch));
        }

        return true;
    }

    private void EndStreaming()
    {
        _streaming?.Dispose();
        _streaming = null;
    }

    private static void WriteEntries(ByteWriter writer, long epoch, IReadOnlyList<Entry> entries)
    {
        var from = 0;
        while (from < entries.Count)
        {
            var to = from;
            for (var bytes = 0; to < entries.Count && bytes < ClientProtocol.BatchBytes; to++)
            {
                bytes += entries[to].Size;
            }

            ClientReplyCodec.Write(writer, new ClientReply.Entries(epoch, from == 0 && to == entries.Count ? entries : [.. entries.Skip(from).Take(to - from)]));
            from = to;
        }
    }
}
