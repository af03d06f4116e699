using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Quorate.Core.Raft;
using Quorate.Node.Diagnostics;

namespace Quorate.Node.Transport;

public sealed partial class TcpTransport
{
    private const int Backlog = 512;

    /// <summary>Connections that have not finished their handshake. More are closed unheard.</summary>
    private const int MaxHandshakes = 256;

    private readonly Dictionary<NodeId, InboundPeer> _inbound = [];
    private readonly HashSet<Socket> _accepted = [];
    private readonly HashSet<Thread> _threads = [];
    private Socket? _listener;
    private int _handshakes;

    /// <summary>Begins to listen.</summary>
    /// <exception cref="TransportException">The address is taken or not of this machine.</exception>
    public void Start()
    {
        var listener = new Socket(_options.Listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(_options.Listen);
            listener.Listen(Backlog);
        }
        catch (SocketException e)
        {
            listener.Dispose();
            throw new TransportException($"cannot listen on {_options.Listen}: {e.Message}. Choose another address or port, or stop what uses it.", e);
        }

        LocalEndPoint = (IPEndPoint)listener.LocalEndPoint!;
        lock (_gate)
        {
            _listener = listener;
            StartThread($"accept {_options.Node}", () => AcceptAll(listener));
        }

        TransportLog.Listening(_logger, _options.Node, LocalEndPoint);
    }

    private void AcceptAll(Socket listener)
    {
        while (!_stopping.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = listener.Accept();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                if (_stopping.IsCancellationRequested)
                {
                    return;
                }

                // Out of file descriptors, or the dialler has gone again: listening goes on.
                TransportLog.AcceptFailed(_logger, _options.Node, e.Message);
                _stopping.Token.WaitHandle.WaitOne(_options.ReconnectMin);
                continue;
            }

            Take(socket);
        }
    }

    private void Take(Socket socket)
    {
        lock (_gate)
        {
            if (_disposed || _handshakes >= MaxHandshakes)
            {
                socket.Dispose();
                return;
            }

            _handshakes++;
            _accepted.Add(socket);
            StartThread($"receive {_options.Node}", () => Serve(socket));
        }
    }

    /// <summary>Only with the gate held.</summary>
    private void StartThread(string name, Action run)
    {
        Thread? thread = null;
        thread = new Thread(() =>
        {
            run();
            lock (_gate)
            {
                _threads.Remove(thread!);
            }
        })
        { Name = name, IsBackground = true };
        _threads.Add(thread);
        thread.Start();
    }

    private void Serve(Socket socket)
    {
        var remote = socket.RemoteEndPoint;
        try
        {
            using var stream = Welcome(socket, out var hello);
            if (hello.Purpose == ConnectionPurpose.Client)
            {
                _handlers.ClientConnected!(new ClientConnection(hello.From.Value, remote, stream, _tls is null ? socket : null));
            }
            else if (hello.Purpose == ConnectionPurpose.Chunks)
            {
                _handlers.ChunksConnected!(new ClientConnection(hello.From.Value, remote, stream, _tls is null ? socket : null));
            }
            else
            {
                Receive(socket, stream, hello.From);
            }
        }
        catch (Exception e)
        {
            // The top of a thread: a stranger, a damaged frame or a broken connection ends this connection and nothing else.
            if (!_stopping.IsCancellationRequested && !_isolated)
            {
                TransportLog.ConnectionClosed(_logger, _options.Node, remote, e.ReasonOf());
            }
        }

        Release(socket);
    }

    private Stream Welcome(Socket socket, out Handshake.Hello hello)
    {
        Stream? stream = null;
        try
        {
            socket.NoDelay = true;
            socket.ReceiveTimeout = socket.SendTimeout = (int)_options.HandshakeTimeout.TotalMilliseconds;
            stream = new NetworkStream(socket, ownsSocket: true);
            if (_tls is not null)
            {
                stream = _tls.Accept(stream);
            }

            hello = Handshake.Accept(stream, _options.Node, _options.Secret, Volatile.Read(ref _outbound).ContainsKey, Refuses);
            socket.ReceiveTimeout = 0;
            socket.SendTimeout = (int)_options.SendTimeout.TotalMilliseconds;
            return stream;
        }
        catch
        {
            stream?.Dispose();
            throw;
        }
        finally
        {
            lock (_gate)
            {
                _handshakes--;
            }
        }
    }

    private bool Refuses(ConnectionPurpose purpose) => purpose switch
    {
        ConnectionPurpose.Client => _handlers.ClientConnected is null,
        ConnectionPurpose.Chunks => _handlers.ChunksConnected is null,
        _ => _isolated,
    };

    private void Receive(Socket socket, Stream stream, NodeId peer)
    {
        var inbound = new InboundPeer(peer, socket, _time.GetUtcNow());
        lock (_gate)
        {
            if (_disposed || _isolated || !_outbound.ContainsKey(peer))
            {
                return;
            }

            // A peer that dials again has given its older connection up.
            CloseInbound(peer);
            _inbound[peer] = inbound;
        }

        var reason = "the peer closed the connection";
        try
        {
            inbound.ReadAll(stream, _options.MaxFrameBytes, _options.Node, _handlers.Received, _handlers.Drained);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            reason = e.Message;
        }
        finally
        {
            Forget(inbound);
        }

        if (!inbound.ClosedByUs)
        {
            // Told before it is logged: an election may hang on it.
            OnDisconnected(peer);
            TransportLog.PeerLost(_logger, _options.Node, peer, reason);
        }
    }

    private void Forget(InboundPeer inbound)
    {
        lock (_gate)
        {
            if (_inbound.GetValueOrDefault(inbound.Peer) == inbound)
            {
                _inbound.Remove(inbound.Peer);
            }

            if (!inbound.ClosedByUs && _outbound.TryGetValue(inbound.Peer, out var link))
            {
                link.Probe();
            }
        }
    }

    private void Release(Socket socket)
    {
        socket.Dispose();
        lock (_gate)
        {
            _accepted.Remove(socket);
        }
    }

    /// <summary>Only with the gate held.</summary>
    private void CloseInbound(NodeId peer)
    {
        if (_inbound.Remove(peer, out var inbound))
        {
            inbound.Close();
        }
    }

    /// <summary>Only with the gate held.</summary>
    private void CloseAllInbound()
    {
        foreach (var inbound in _inbound.Values)
        {
            inbound.Close();
        }

        _inbound.Clear();
    }

    /// <summary>Only with the gate held.</summary>
    private void CloseAllAccepted()
    {
        foreach (var socket in _accepted)
        {
            socket.Dispose();
        }
    }
}
