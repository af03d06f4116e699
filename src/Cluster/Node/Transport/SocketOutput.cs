using System.Net.Sockets;
using Quorate.Core.Codec;

namespace Quorate.Node.Transport;

/// <summary>
/// Writes one connection. Whoever has something to say calls <see cref="Flush"/>, which hands it to the socket at once, without a
/// change of thread; when the socket takes no more, or is encrypted, the thread in <see cref="Pump"/> goes on. What comes while
/// somebody writes leaves with the next write.
/// </summary>
/// <param name="direct">Null: everything is written by <see cref="Pump"/>.</param>
/// <param name="fill">Adds what waits to the writer, up to about <see cref="WriteBytes"/>. Called by one thread at a time.</param>
internal sealed class SocketOutput(Stream stream, Socket? direct, Action<ByteWriter> fill)
{
    /// <summary>Frames are gathered into one write up to this size.</summary>
    public const int WriteBytes = 256 << 10;

    /// <summary>A buffer that a large frame has blown up beyond this is given back.</summary>
    private const int KeptCapacity = 4 << 20;

    private const int InitialCapacity = 64 << 10;

    private readonly Lock _turn = new();
    private readonly object _pumpGate = new();
    private readonly bool _isDirect = direct is not null && DirectSocket.IsSupported;
    private ByteWriter _writer = new(InitialCapacity);

    // Bytes of the writer that the socket has taken.
    private int _sent;
    private long _sentBytes;
    private volatile bool _asked;
    private volatile bool _handedOver;
    private Exception? _failure;

    /// <summary>Bytes written so far.</summary>
    public long SentBytes => Interlocked.Read(ref _sentBytes);

    /// <summary>Writes what waits, as far as that is possible without waiting. Never throws: <see cref="Pump"/> does.</summary>
    public void Flush()
    {
        _asked = true;
        if (!_isDirect)
        {
            WakePump();
            return;
        }

        // Who finds another thread writing leaves it to that one, which looks once more after its turn.
        while (_asked && !_handedOver && !_turn.IsHeldByCurrentThread && _turn.TryEnter())
        {
            try
            {
                _handedOver = _handedOver || !TryWriteNow();
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
            {
                _failure = e;
                _handedOver = true;
            }
            finally
            {
                _turn.Exit();
            }

            Interlocked.MemoryBarrier();
        }

        if (_handedOver)
        {
            WakePump();
        }
    }

    /// <summary>Waits until there is something that the callers of <see cref="Flush"/> could not write, and writes it, waiting for the socket.</summary>
    /// <exception cref="IOException">The connection broke, or the other end takes nothing.</exception>
    public void Pump(TimeSpan atMost)
    {
        lock (_pumpGate)
        {
            if (!HasWork)
            {
                Monitor.Wait(_pumpGate, atMost);
            }
        }

        for (var works = HasWork; works; works = _asked)
        {
            lock (_turn)
            {
                WriteAll();
                _handedOver = false;
            }

            Interlocked.MemoryBarrier();
        }
    }

    /// <summary>Ends the wait of <see cref="Pump"/>.</summary>
    public void WakePump()
    {
        lock (_pumpGate)
        {
            Monitor.Pulse(_pumpGate);
        }
    }

    private bool HasWork => _handedOver || (_asked && !_isDirect);

    /// <returns>False when the rest is the pump's work.</returns>
    private bool TryWriteNow()
    {
        Refill();
        if (_writer.Length == 0)
        {
            return true;
        }

        Sent(DirectSocket.TrySend(direct!, _writer.WrittenSpan));

        // Where so much waits there may be more, and nobody else's thread is to spend its time on it.
        return _sent == _writer.Length && _sent < WriteBytes;
    }

    private void WriteAll()
    {
        if (_failure is { } failure)
        {
            throw new IOException(failure.Message, failure);
        }

        do
        {
            if (_sent < _writer.Length)
            {
                stream.Write(_writer.WrittenSpan[_sent..]);
                Sent(_writer.Length - _sent);
            }

            Refill();
        }
        while (_writer.Length > 0);
    }

    private void Sent(int bytes)
    {
        _sent += bytes;
        Interlocked.Add(ref _sentBytes, bytes);
    }

    private void Refill()
    {
        _asked = false;
        Interlocked.MemoryBarrier();
        if (_writer.Length > KeptCapacity)
        {
            _writer = new ByteWriter(InitialCapacity);
        }
        else
        {
            _writer.Clear();
        }

        _sent = 0;
        fill(_writer);
    }
}
