using System.Net;
using System.Net.Sockets;

namespace Quorate.Bench.Load;

/// <summary>One connection that repeats one cycle of requests. Everything but connecting happens on the thread of the <see cref="EventLoop"/>.</summary>
internal abstract class LoadClient : IDisposable
{
    private byte[] _received = new byte[64 * 1024];
    private int _count;

    protected LoadClient(IPEndPoint server)
    {
        Socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Socket.Connect(server);
    }

    public Socket Socket { get; }

    /// <summary>Nothing it sent is unanswered.</summary>
    public abstract bool IsIdle { get; }

    /// <summary>Sends the first request of a run.</summary>
    public abstract void Begin(LoadRun run);

    /// <summary>Reads what has come, waiting if nothing has, and goes on with it.</summary>
    /// <exception cref="BenchException">The server closed the connection, or its answer is not what it must be.</exception>
    public void Receive()
    {
        if (_count == _received.Length)
        {
            Array.Resize(ref _received, 2 * _received.Length);
        }

        var read = Socket.Receive(_received.AsSpan(_count));
        _count += read > 0 ? read : throw new BenchException("the server closed a connection");
        var taken = 0;
        while (Take(_received.AsSpan(taken, _count - taken)) is > 0 and var frame)
        {
            taken += frame;
        }

        _received.AsSpan(taken, _count - taken).CopyTo(_received);
        _count -= taken;
        AfterReceive();
    }

    public virtual void Dispose() => Socket.Dispose();

    /// <summary>Handles the frame at the beginning.</summary>
    /// <returns>Its length; 0 when it is not complete.</returns>
    protected abstract int Take(ReadOnlySpan<byte> received);

    /// <summary>All frames that came together have been handled.</summary>
    protected virtual void AfterReceive()
    {
    }

    protected void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[Socket.Send(bytes)..];
        }
    }
}
