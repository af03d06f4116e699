using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Quorate.Core.Codec;
using Quorate.Core.Raft;
using Quorate.Node.Diagnostics;

namespace Quorate.Node.Transport;

/// <summary>
/// The connection on which this node sends to one peer: a bounded queue, emptied by whoever calls <see cref="Flush"/> while the
/// socket takes it, and a thread that connects and writes the rest. Never the thread pool: a busy one delays no heartbeat.
/// </summary>
internal sealed class PeerConnection
{
    /// <summary>How often an idle connection is looked at for having been closed by the other end.</summary>
    private static readonly TimeSpan IdleProbe = TimeSpan.FromMilliseconds(100);

    /// <summary>Nodes of a cluster start one after the other: for so long it is no news that a peer is not there yet.</summary>
    private static readonly TimeSpan QuietStart = TimeSpan.FromSeconds(2);

    private readonly TransportOptions _options;
    private readonly TlsStreams? _tls;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Action<NodeId> _disconnected;
    private readonly Thread _thread;
    private readonly object _gate = new();
    private readonly Queue<(Message Message, int Size)> _queue = new();
    private Socket? _socket;
    private volatile SocketOutput? _output;
    private bool _connected;
    private bool _stopped;
    private bool _isolated;
    private bool _closedByUs;
    private long _queuedBytes;
    private long _dropped;
    private long _sentMessages;
    private long _sentBefore;
    private DateTimeOffset? _connectedSince;
    private readonly long _createdAt = Stopwatch.GetTimestamp();
    private string? _lastError;
    private string? _reportedError;

    public PeerConnection(
        NodeId peer, EndPoint address, bool isolated, TransportOptions options, TlsStreams? tls, TimeProvider time, ILogger logger, Action<NodeId> disconnected)
    {
        Peer = peer;
        Address = address;
        _isolated = isolated;
        _options = options;
        _tls = tls;
        _time = time;
        _logger = logger;
        _disconnected = disconnected;
        _thread = new Thread(Run) { Name = $"send {options.Node}>{peer}", IsBackground = true };
        _thread.Start();
    }

    public NodeId Peer { get; }

    public EndPoint Address { get; }

    public bool TrySend(Message message)
    {
        var size = MessageCodec.SizeHint(message);
        if (size > _options.MaxFrameBytes)
        {
            TransportLog.TooLarge(_logger, message.GetType().Name, size, Peer, _options.MaxFrameBytes);
            return false;
        }

        lock (_gate)
        {
            if (!_connected || _queue.Count >= _options.QueueMessages || (_queuedBytes + size > _options.QueueBytes && _queue.Count > 0))
            {
                _dropped++;
                return false;
            }

            _queue.Enqueue((message, size));
            _queuedBytes += size;
            return true;
        }
    }

    /// <summary>Sends what is queued. Does not wait.</summary>
    public void Flush() => _output?.Flush();

    /// <summary>Looks at the connection now; called when the peer's own connection to this node has broken.</summary>
    public void Probe() => _output?.WakePump();

    public void SetIsolated(bool isolated)
    {
        lock (_gate)
        {
            _isolated = isolated;
            CloseSocket();
        }
    }

    public void Stop()
    {
        lock (_gate)
        {
            _stopped = true;
            CloseSocket();
        }
    }

    public void Join(TimeSpan timeout) => _thread.Join(timeout);

    public LinkState State(DateTimeOffset? receivingSince, long receivedMessages, long receivedBytes)
    {
        lock (_gate)
        {
            return new LinkState(
                Peer, Address, _connectedSince, receivingSince, _lastError, _queue.Count, _queuedBytes, _dropped,
                _sentMessages, _sentBefore + (_output?.SentBytes ?? 0), receivedMessages, receivedBytes);
        }
    }

    private void Run()
    {
        var backoff = _options.ReconnectMin;
        while (WaitUntilWanted())
        {
            var connected = false;
            Exception? cause = null;
            try
            {
                using var stream = Connect();
                connected = true;
                backoff = _options.ReconnectMin;
                SendUntilClosed(stream);
            }
            catch (Exception e)
            {
                // The top of a thread: whatever went wrong with this peer, the process and the other peers go on.
                cause = e;
            }

            Ended(connected, cause);
            WaitBeforeRetry(backoff / 2 + backoff / 2 * Random.Shared.NextDouble());
            backoff = backoff * 2 < _options.ReconnectMax ? backoff * 2 : _options.ReconnectMax;
        }
    }

    private Stream Connect()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        lock (_gate)
        {
            _closedByUs = _stopped || _isolated;
            _socket = socket;
            if (_closedByUs)
            {
                socket.Dispose();
            }
        }

        try
        {
            // On Linux the send timeout bounds connecting as well.
            socket.SendTimeout = socket.ReceiveTimeout = (int)_options.HandshakeTimeout.TotalMilliseconds;
            socket.Connect(Address);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (_tls is not null)
            {
                stream = _tls.Dial(stream, Address);
            }

            Handshake.Dial(stream, ConnectionPurpose.Peer, _options.Node, Peer, _options.Secret);
            socket.SendTimeout = (int)_options.SendTimeout.TotalMilliseconds;
            lock (_gate)
            {
                if (_closedByUs)
                {
                    throw new OperationCanceledException();
                }

                _connected = true;
                _connectedSince = _time.GetUtcNow();
                _lastError = null;
            }

            TransportLog.Connected(_logger, _options.Node, Peer, Address);
            return stream;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <exception cref="EndOfStreamException">The peer has closed the connection.</exception>
    private void SendUntilClosed(Stream stream)
    {
        var sending = new List<Message>();
        var output = new SocketOutput(stream, _tls is null ? _socket : null, writer => EncodeQueued(writer, sending));
        _output = output;
        while (!IsClosedByUs)
        {
            output.Flush();
            output.Pump(IdleProbe);
            if (!IsClosedByUs && IsClosedByPeer())
            {
                throw new EndOfStreamException("the peer closed the connection");
            }
        }
    }

    private bool IsClosedByUs
    {
        get
        {
            lock (_gate)
            {
                return _closedByUs;
            }
        }
    }

    // Encoded outside of the gate, so that the queue stays open meanwhile.
    private void EncodeQueued(ByteWriter writer, List<Message> sending)
    {
        sending.Clear();
        lock (_gate)
        {
            for (var bytes = 0; bytes < SocketOutput.WriteBytes && _queue.TryDequeue(out var next); bytes += next.Size)
            {
                sending.Add(next.Message);
                _queuedBytes -= next.Size;
            }

            _sentMessages += sending.Count;
        }

        foreach (var message in sending)
        {
            Encode(writer, message);
        }
    }

    /// <summary>A peer says nothing on this connection after the handshake: readable without bytes means closed or reset.</summary>
    private bool IsClosedByPeer() => _socket!.Poll(0, SelectMode.SelectRead) && _socket.Available == 0;

    private static void Encode(ByteWriter writer, Message message)
    {
        var start = writer.Length;
        writer.UInt32(0);
        MessageCodec.Write(writer, message);
        writer.PatchUInt32(start, (uint)(writer.Length - start - FrameReader.PrefixSize));
    }

    private void Ended(bool connected, Exception? cause)
    {
        var reason = cause?.ReasonOf();
        bool byPeer;
        bool isNews;
        lock (_gate)
        {
            byPeer = !_closedByUs && reason is not null;
            isNews = byPeer && (connected || (_reportedError != reason && Stopwatch.GetElapsedTime(_createdAt) > QuietStart));
            _reportedError = isNews ? reason : _reportedError;
            _lastError = byPeer ? reason : _lastError;
            _sentBefore += _output?.SentBytes ?? 0;
            _output = null;
            _socket = null;
            _connected = false;
            _connectedSince = null;
            _dropped += _queue.Count;
            _queue.Clear();
            _queuedBytes = 0;
        }

        if (byPeer && connected)
        {
            _disconnected(Peer);
        }

        if (isNews)
        {
            TransportLog.LinkDown(_logger, _options.Node, Peer, Address, reason!);
        }
    }

    /// <returns>False when the connection is no longer wanted at all.</returns>
    private bool WaitUntilWanted()
    {
        lock (_gate)
        {
            while (_isolated && !_stopped)
            {
                Monitor.Wait(_gate);
            }

            return !_stopped;
        }
    }

    private void WaitBeforeRetry(TimeSpan delay)
    {
        var until = _time.GetTimestamp();
        lock (_gate)
        {
            for (var rest = delay; rest > TimeSpan.Zero && !_stopped && !_isolated; rest = delay - _time.GetElapsedTime(until))
            {
                Monitor.Wait(_gate, rest);
            }
        }
    }

    private void CloseSocket()
    {
        _closedByUs = true;
        _socket?.Dispose();
        _output?.WakePump();
        Monitor.PulseAll(_gate);
    }
}
