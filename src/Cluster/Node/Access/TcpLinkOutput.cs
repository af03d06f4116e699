using Quorate.Core.Codec;
using Quorate.Node.Transport;

namespace Quorate.Node.Access;

/// <summary>
/// The requests that wait for one connection, and the thread that writes them. What comes while one write is under way leaves
/// together with the next.
/// </summary>
internal sealed class TcpLinkOutput
{
    private const int InitialCapacity = 64 << 10;

    /// <summary>A buffer that a burst has blown up beyond this is given back.</summary>
    private const int KeptCapacity = 4 << 20;

    private readonly object _gate = new();
    private readonly Stream _stream;
    private readonly int _limit;
    private readonly Action _failed;
    private ByteWriter _waiting = new(InitialCapacity);
    private ByteWriter _writing = new(InitialCapacity);
    private bool _closed;

    /// <param name="failed">Called once when writing failed.</param>
    public TcpLinkOutput(Stream stream, string name, int limit, Action failed)
    {
        _stream = stream;
        _limit = limit;
        _failed = failed;
        new Thread(Run) { Name = name, IsBackground = true }.Start();
    }

    /// <returns>False when too much waits already.</returns>
    public bool TryWrite(ClientRequest request)
    {
        lock (_gate)
        {
            if (_waiting.Length > _limit)
            {
                return false;
            }

            ClientRequestCodec.Write(_waiting, request);
            Monitor.Pulse(_gate);
            return true;
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.Pulse(_gate);
        }
    }

    private void Run()
    {
        try
        {
            while (Take())
            {
                _stream.Write(_writing.WrittenSpan);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            _failed();
        }
    }

    private bool Take()
    {
        lock (_gate)
        {
            while (_waiting.Length == 0 && !_closed)
            {
                Monitor.Wait(_gate);
            }

            if (_closed)
            {
                return false;
            }

            (_waiting, _writing) = (_writing, _waiting);
            if (_waiting.Length > KeptCapacity)
            {
                _waiting = new ByteWriter(InitialCapacity);
            }
            else
            {
                _waiting.Clear();
            }

            return true;
        }
    }
}
