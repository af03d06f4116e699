using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Quorate.Core.Raft;
using Quorate.Node.Diagnostics;

namespace Quorate.Node.Transport;

/// <summary>
/// Carries Raft messages between nodes over TCP, and hands connections of clients over.
/// <code>
///   this node                                        peer
///   PeerConnection: queue ─ encode ─ Flush ───TCP──▶ thread ─ decode ─ Received
///   Received ─ decode ─ thread ◀──────────────TCP─── Flush ─ encode ─ queue
/// </code>
/// One connection per direction, each with a thread of its own that blocks in the socket: Raft's messages never wait for the
/// thread pool. Nothing is resent here and order holds only within one connection; Raft needs no more.
/// A frame or a handshake that is not as it should be costs its connection and one log line, never the process.
/// </summary>
public sealed partial class TcpTransport : IDisposable
{
    private static readonly TimeSpan JoinTimeout = TimeSpan.FromSeconds(2);

    private readonly TransportOptions _options;
    private readonly TransportHandlers _handlers;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly TlsStreams? _tls;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private ImmutableDictionary<NodeId, PeerConnection> _outbound = ImmutableDictionary<NodeId, PeerConnection>.Empty;
    private volatile bool _isolated;
    private bool _disposed;

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="TransportException">The TLS files cannot be used.</exception>
    public TcpTransport(TransportOptions options, TransportHandlers handlers, ILogger logger, TimeProvider? time = null)
    {
        options.Validate();
        _options = options;
        _handlers = handlers;
        _logger = logger;
        _time = time ?? TimeProvider.System;
        _tls = options.Tls is null ? null : new TlsStreams(options.Tls);
    }

    /// <summary>Where it listens, with the real port. Set by <see cref="Start"/>.</summary>
    public IPEndPoint LocalEndPoint { get; private set; } = new(IPAddress.None, 0);

    public bool IsIsolated => _isolated;

    /// <summary>How the connections to each peer are doing, by node id.</summary>
    public IReadOnlyList<LinkState> Links
    {
        get
        {
            lock (_gate)
            {
                return [.. Volatile.Read(ref _outbound).Values.OrderBy(link => link.Peer).Select(link =>
                    _inbound.TryGetValue(link.Peer, out var inbound)
                        ? link.State(inbound.Since, inbound.Messages, inbound.Bytes)
                        : link.State(null, 0, 0))];
            }
        }
    }

    /// <summary>Queues a message for <c>message.To</c> until <see cref="Flush"/>. Returns at once and never throws; false: dropped (no connection, queue full, unknown peer).</summary>
    public bool TrySend(Message message) =>
        Volatile.Read(ref _outbound).TryGetValue(message.To, out var link) && link.TrySend(message);

    /// <summary>Sends what is queued, to all peers. Does not wait: what a socket does not take at once is sent by a thread.</summary>
    public void Flush()
    {
        foreach (var (_, link) in Volatile.Read(ref _outbound))
        {
            link.Flush();
        }
    }

    /// <summary>Replaces the peer table. New peers are connected to, others let go; this node itself is left out.</summary>
    public void UpdatePeers(IReadOnlyDictionary<NodeId, EndPoint> peers)
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            var next = _outbound.ToBuilder();
            foreach (var (peer, link) in _outbound)
            {
                if (!peers.TryGetValue(peer, out var address) || !address.Equals(link.Address))
                {
                    link.Stop();
                    next.Remove(peer);
                    CloseInbound(peer);
                }
            }

            foreach (var (peer, address) in peers)
            {
                if (peer != _options.Node && !next.ContainsKey(peer))
                {
                    next[peer] = new PeerConnection(peer, address, _isolated, _options, _tls, _time, _logger, OnDisconnected);
                }
            }

            Volatile.Write(ref _outbound, next.ToImmutable());
        }
    }

    /// <summary>
    /// For the laboratory: cuts this node off from its peers, both ways, until it is called with false. Clients keep their
    /// connections, so that what an isolated node believes can be looked at.
    /// </summary>
    public void SetIsolated(bool isolated)
    {
        lock (_gate)
        {
            _isolated = isolated;
            foreach (var link in _outbound.Values)
            {
                link.SetIsolated(isolated);
            }

            if (isolated)
            {
                CloseAllInbound();
            }
        }

        TransportLog.Isolated(_logger, _options.Node, isolated);
    }

    /// <summary>Closes every connection. Peers notice at once.</summary>
    public void Dispose()
    {
        List<Thread> readers;
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            _stopping.Cancel();
            _listener?.Dispose();
            foreach (var link in _outbound.Values)
            {
                link.Stop();
            }

            CloseAllInbound();
            CloseAllAccepted();
            readers = [.. _threads];
        }

        foreach (var link in _outbound.Values)
        {
            link.Join(JoinTimeout);
        }

        foreach (var reader in readers)
        {
            reader.Join(JoinTimeout);
        }

        _tls?.Dispose();
    }

    private void OnDisconnected(NodeId peer)
    {
        if (!_stopping.IsCancellationRequested)
        {
            _handlers.PeerDisconnected(peer);
        }
    }
}

/// <summary>What a <see cref="TcpTransport"/> calls, each on a thread of its own.</summary>
public sealed record TransportHandlers
{
    /// <summary>A message from a peer. Called in order per peer, for several peers at the same time.</summary>
    public required Action<Message> Received { get; init; }

    /// <summary>The last of several messages that arrived together has been handed over. Called by the thread that handed them over.</summary>
    public Action Drained { get; init; } = () => { };

    /// <summary>An established connection with a peer was closed or reset by the other end: its process has probably died. May come twice.</summary>
    public Action<NodeId> PeerDisconnected { get; init; } = _ => { };

    /// <summary>Serves a client, on the thread of its connection, until the connection ends. Null: clients are refused.</summary>
    public Action<ClientConnection>? ClientConnected { get; init; }

    /// <summary>Serves chunks of blobs, likewise. Null: they are refused.</summary>
    public Action<ClientConnection>? ChunksConnected { get; init; }
}
