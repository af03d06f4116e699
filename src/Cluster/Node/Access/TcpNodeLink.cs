using System.Net;
using Microsoft.Extensions.Logging;
using Quorate.Core.Raft;
using Quorate.Node.Hosting;
using Quorate.Node.Transport;

namespace Quorate.Node.Access;

/// <summary>
/// A link to a node over TCP. It connects by itself, again and again until it is disposed; two threads of its own read and
/// write, so that a busy thread pool delays nothing.
/// </summary>
/// <remarks>While there is no connection requests are answered as by a node that does not lead.</remarks>
public sealed partial class TcpNodeLink : INodeLink
{
    private readonly EndPoint _address;
    private readonly TcpNodeLinkOptions _options;
    private readonly ILogger _logger;
    private readonly object _gate = new();
    private readonly Dictionary<long, TaskCompletionSource<bool>> _questions = [];
    private readonly Thread _thread;
    private ILinkEvents? _events;
    private volatile TcpLinkOutput? _output;
    private volatile NodeStatus? _status;
    private long _lastQuestion;

    // What is followed: the count of requests, and the last entry handed on for the latest of them.
    private long _epoch;
    private bool _following;
    private LogIndex _followed;

    /// <param name="address">An <see cref="IPEndPoint"/>, or a <see cref="DnsEndPoint"/> that is resolved with each attempt.</param>
    /// <exception cref="TransportException">The TLS files cannot be used.</exception>
    public TcpNodeLink(NodeId id, EndPoint address, TcpNodeLinkOptions options, ILogger logger)
    {
        Id = id;
        _address = address;
        _options = options;
        _logger = logger;
        _tls = options.Tls is null ? null : new TlsStreams(options.Tls);
        _thread = new Thread(Run) { Name = $"link {id}", IsBackground = true };
    }

    /// <summary>The same, with a logger of its own, named after the node.</summary>
    /// <exception cref="TransportException">The TLS files cannot be used.</exception>
    public TcpNodeLink(NodeId id, EndPoint address, TcpNodeLinkOptions options, ILoggerFactory loggers)
        : this(id, address, options, loggers.CreateLogger($"Quorate.Link.{id}"))
    {
    }

    public NodeId Id { get; }

    public string Address => _address is DnsEndPoint dns ? $"{dns.Host}:{dns.Port}" : _address.ToString()!;

    public NodeStatus? Status => _status;

    /// <summary>Why there is no connection; null while there is one, and before the first attempt has ended.</summary>
    public string? LastError { get; private set; }

    public void Attach(ILinkEvents events)
    {
        _events = events;
        _thread.Start();
    }

    public void Propose(Term term, ReadOnlyMemory<byte> command, long number)
    {
        if (_output is not { } output)
        {
            _events?.OnRefused(this, number, ProposeStatus.NotLeader);
        }
        else if (command.Length > ClientProtocol.MaxCommandBytes || !output.TryWrite(new ClientRequest.Propose(term, number, command)))
        {
            _events?.OnRefused(this, number, ProposeStatus.Overloaded);
        }
    }

    public void ReadIndex(long number)
    {
        if (_output?.TryWrite(new ClientRequest.ReadIndex(number)) is not true)
        {
            _events?.OnReadIndex(this, number, null);
        }
    }

    public void Flush(bool crowded = false)
    {
        if (crowded)
        {
            _output?.FlushSoon();
        }
        else
        {
            _output?.Flush();
        }
    }

    public void Follow(LogIndex after)
    {
        lock (_gate)
        {
            _following = true;
            _followed = after;
            _output?.TryWrite(new ClientRequest.Follow(++_epoch, after));
        }

        Flush();
    }

    public void Unfollow()
    {
        lock (_gate)
        {
            _following = false;
            _epoch++;
            _output?.TryWrite(new ClientRequest.Unfollow());
        }

        Flush();
    }

    public Task<bool> TransferLeadershipAsync(NodeId target, CancellationToken cancel) =>
        AskAsync(number => new ClientRequest.Transfer(number, target), cancel);

    public Task CampaignAsync(CancellationToken cancel) =>
        AskAsync(number => new ClientRequest.Campaign(number), cancel);

    /// <summary>Disconnects for good.</summary>
    public ValueTask DisposeAsync()
    {
        Stop();
        if (_thread.IsAlive && Thread.CurrentThread != _thread)
        {
            _thread.Join(JoinTimeout);
        }

        _tls?.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<bool> AskAsync(Func<long, ClientRequest> request, CancellationToken cancel)
    {
        long number;
        var answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            number = ++_lastQuestion;
            if (_output?.TryWrite(request(number)) is not true)
            {
                return false;
            }

            _questions.Add(number, answer);
        }

        Flush();
        try
        {
            return await answer.Task.WaitAsync(cancel);
        }
        finally
        {
            lock (_gate)
            {
                _questions.Remove(number);
            }
        }
    }
}
