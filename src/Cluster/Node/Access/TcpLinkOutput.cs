using System.Net.Sockets;
using Quorate.Core.Codec;
using Quorate.Node.Transport;

namespace Quorate.Node.Access;

/// <summary>The requests that wait for one connection. What comes while one write is under way leaves together with the next.</summary>
internal sealed class TcpLinkOutput : IThreadPoolWorkItem
{
    private static readonly TimeSpan IdleWait = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly int _limit;
    private readonly Action _failed;
    private readonly SocketOutput _socket;
    private readonly Queue<ClientRequest> _waiting = new();
    private long _waitingBytes;
    private volatile bool _closed;
    private int _flushIsDue;

    /// <param name="direct">The socket under the stream when nothing is between them.</param>
    /// <param name="limit">Bytes that may wait; one request more is taken.</param>
    /// <param name="failed">Called once when writing failed.</param>
    public TcpLinkOutput(Stream stream, Socket? direct, string name, int limit, Action failed)
    {
        _limit = limit;
        _failed = failed;
        _socket = new SocketOutput(stream, direct, Take);
        new Thread(Run) { Name = name, IsBackground = true }.Start();
    }

    /// <summary>Adds a request, which leaves with the next <see cref="Flush"/>.</summary>
    /// <returns>False when too much waits already.</returns>
    public bool TryWrite(ClientRequest request)
    {
        lock (_gate)
        {
            if (_waitingBytes > _limit)
            {
                return false;
            }

            _waiting.Enqueue(request);
            _waitingBytes += SizeOf(request);
            return true;
        }
    }

    /// <summary>Sends what waits. Does not wait itself.</summary>
    public void Flush() => _socket.Flush();

    /// <summary>
    /// Sends what waits once the thread pool has done what stands in its queue now, and what that adds with it: when many requests are handled at
    /// once, one write to the socket, and one round of the leader, serves all of them.
    /// </summary>
    public void FlushSoon()
    {
        if (Interlocked.Exchange(ref _flushIsDue, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        Interlocked.Exchange(ref _flushIsDue, 0);
        Flush();
    }

    public void Close()
    {
        _closed = true;
        _socket.WakePump();
    }

    private void Run()
    {
        try
        {
            while (!_closed)
            {
                _socket.Pump(IdleWait);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            _failed();
        }
    }

    // Encoded only now, into the one buffer of the connection: a queue of encoded requests would be a second copy of every large one.
    private void Take(ByteWriter writer)
    {
        lock (_gate)
        {
            while (writer.Length < SocketOutput.WriteBytes && _waiting.TryDequeue(out var request))
            {
                ClientRequestCodec.Write(writer, request);
                _waitingBytes -= SizeOf(request);
            }
        }
    }

    private static int SizeOf(ClientRequest request) =>
        ClientProtocol.RequestOverhead + (request is ClientRequest.Propose propose ? propose.Command.Length : 0);
}
