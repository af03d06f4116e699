using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Quorate.Core.Clocks;
using Quorate.Core.Raft;
using Quorate.Core.StateMachine;
using Quorate.Node.Commands;
using Quorate.Node.Diagnostics;
using Quorate.Node.Hosting;
using Quorate.Node.Transport;

namespace Quorate.Node.Access;

/// <summary>
/// A cluster as its clients see it: one place to write, read and watch, whoever leads. It follows the committed log of the leader and
/// applies it to a state of its own, the mirror.
/// <code>
///   write:  encode ─▶ leader's log ─▶ committed ─▶ mirror applies it ─▶ the result is the answer
///   read:   one confirmation for all waiting reads ─▶ mirror has caught up ─▶ read the mirror
///   watch:  events of the mirror
/// </code>
/// </summary>
/// <remarks>
/// Because the mirror sees every committed entry, a write whose leader died is never in doubt for long. A proposal names the term it is
/// for, and only that term's leader may append it. Once the first entry of a later term is applied, a write of an earlier term that
/// has not appeared never will, and is safely proposed again.
/// </remarks>
public sealed partial class ClusterClient : ILinkEvents, IAsyncDisposable
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Writes under way that are not worth waiting for each other.</summary>
    private const int Few = 8;

    private readonly Lock _gate = new();
    private volatile IReadOnlyList<INodeLink> _links;
    private readonly ClusterClientOptions _options;
    private readonly Timer _sweeper;
    private readonly List<StateEvent> _events = [];
    private readonly long _clientId = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8)) | 1;

    private long _commands;
    private ClusterState _mirror = new();
    private INodeLink? _leader;
    private Term _leaderTerm;

    public ClusterClient(IReadOnlyList<INodeLink> links, ClusterClientOptions options)
    {
        _links = links;
        _options = options;
        foreach (var link in links)
        {
            link.Attach(this);
        }

        _sweeper = new Timer(_ => Sweep(), null, SweepInterval, SweepInterval);
    }

    /// <summary>
    /// Connects to nodes over TCP, from within any process that can reach them: writes go to the leader in the nodes' own protocol, without a gateway
    /// and without HTTP. The process holds a copy of the cluster's state, as a gateway does.
    /// </summary>
    /// <param name="members">The nodes as <c>n1=host:port,n2=host:port,…</c>.</param>
    /// <param name="link">Secret, TLS, and what the client calls itself; null: neither, and "client".</param>
    /// <exception cref="FormatException"><paramref name="members"/> is wrong; the message has everything that is.</exception>
    /// <exception cref="TransportException">The TLS files cannot be used.</exception>
    public static ClusterClient Connect(
        string members, ClusterClientOptions? options = null, TcpNodeLinkOptions? link = null, ILoggerFactory? loggers = null)
    {
        var errors = new List<string>();
        var addresses = Addresses.ParsePeers(members, errors, nameof(members));
        if (addresses.Count == 0 && errors.Count == 0)
        {
            errors.Add($"{nameof(members)}: no node is named");
        }

        if (errors.Count > 0)
        {
            throw new FormatException(string.Join("; ", errors));
        }

        link ??= new TcpNodeLinkOptions();
        loggers ??= NullLoggerFactory.Instance;
        return new ClusterClient(
            [.. addresses.OrderBy(member => member.Key).Select(member => new TcpNodeLink(member.Key, member.Value, link, loggers))],
            options ?? new ClusterClientOptions());
    }

    public IReadOnlyList<INodeLink> Links => _links;

    /// <summary>The node that leads as far as is known, and its term; null while none is known.</summary>
    public (INodeLink Link, Term Term)? Leader
    {
        get
        {
            lock (_gate)
            {
                return _leader is null ? null : (_leader, _leaderTerm);
            }
        }
    }

    /// <summary>Commands seen in the log since this client started, whoever sent them.</summary>
    public long Commands => Interlocked.Read(ref _commands);

    /// <summary>Linearizable reads served since this client started.</summary>
    public long Reads => Interlocked.Read(ref _reads);

    /// <summary>Time from request to answer of this client's writes; waiting for a lock does not count.</summary>
    public LatencyWindow WriteLatency { get; } = new();

    /// <summary>The last entry the mirror has applied.</summary>
    public LogIndex AppliedIndex
    {
        get
        {
            lock (_gate)
            {
                return _mirror.AppliedIndex;
            }
        }
    }

    /// <summary>
    /// What changed, batch by batch, in log order. Called with the mirror locked: must be quick and must not call back.
    /// </summary>
    public event Action<MirrorChange>? Changed;

    /// <summary>Reads the mirror as it is: the latest this client knows, which may lag the leader by moments.</summary>
    public T Peek<T>(Func<ClusterState, T> query)
    {
        lock (_gate)
        {
            return query(_mirror);
        }
    }

    /// <summary>Talks to one more node from now on.</summary>
    public void AddLink(INodeLink link)
    {
        lock (_gate)
        {
            _links = [.. _links, link];
        }

        link.Attach(this);
    }

    /// <summary>Lets a node go that has left the cluster.</summary>
    public async Task RemoveLinkAsync(NodeId id)
    {
        INodeLink? removed;
        lock (_gate)
        {
            removed = _links.FirstOrDefault(link => link.Id == id);
            _links = [.. _links.Where(link => link.Id != id)];
            if (removed is not null && removed == _leader)
            {
                LoseLeader();
            }
        }

        if (removed is not null)
        {
            await removed.DisposeAsync();
        }
    }

    void ILinkEvents.OnStatus(INodeLink link, NodeStatus status)
    {
        TakeStatus(link, status);
        Flush();
    }

    private void TakeStatus(INodeLink link, NodeStatus status)
    {
        lock (_gate)
        {
            if (status.Role == RaftRole.Leader && status.Term >= _leaderTerm && (link != _leader || status.Term != _leaderTerm))
            {
                if (_leader is not null && _leader != link)
                {
                    _leader.Unfollow();
                }

                _leader = link;
                _leaderTerm = status.Term;
                link.Follow(_mirror.AppliedIndex);
                SendParked();
            }
            else if (link == _leader && status.Role != RaftRole.Leader)
            {
                LoseLeader();
            }
        }
    }

    void ILinkEvents.OnDown(INodeLink link)
    {
        lock (_gate)
        {
            if (link == _leader)
            {
                LoseLeader();
            }
        }
    }

    void ILinkEvents.OnEntries(INodeLink link, IReadOnlyList<Entry> entries)
    {
        lock (_gate)
        {
            _hasParked |= !CanSend;
            foreach (var entry in entries)
            {
                if (entry.Index == _mirror.AppliedIndex.Next)
                {
                    Apply(entry);
                }
                else if (entry.Index > _mirror.AppliedIndex)
                {
                    // Something between was lost on the way: ask again from where the mirror stands.
                    link.Follow(_mirror.AppliedIndex);
                    break;
                }
            }

            Publish(restored: false);
            if (!_hasParked)
            {
                return;
            }

            _hasParked = false;
            SendParked();
        }

        Flush();
    }

    void ILinkEvents.OnState(INodeLink link, ClusterState state)
    {
        lock (_gate)
        {
            if (state.AppliedIndex < _mirror.AppliedIndex)
            {
                return;
            }

            _mirror = state;
            _events.Clear();
            SettleAfterRestore();
            Publish(restored: true);
            SendParked();
        }

        Flush();
    }

    public async ValueTask DisposeAsync()
    {
        await _sweeper.DisposeAsync();
        foreach (var link in _links)
        {
            await link.DisposeAsync();
        }

        lock (_gate)
        {
            FailEverything();
        }
    }

    private void Apply(Entry entry)
    {
        var result = _mirror.Apply(entry, _events, out var request);
        if (entry.Kind == EntryKind.Command)
        {
            Interlocked.Increment(ref _commands);
        }

        if (request.Client == _clientId)
        {
            Answer(request.Number, result);
        }

        if (entry.Kind == EntryKind.TermStart)
        {
            RepeatLost(entry.Term);
        }
    }

    private void Publish(bool restored)
    {
        if (_events.Count > 0 || restored)
        {
            foreach (var change in _events)
            {
                if (change is IWaitEnded ended)
                {
                    AnswerWaiting(ended.Ticket, ended.Result);
                }
            }
        }

        Changed?.Invoke(new MirrorChange(_mirror, _events, restored));
        _events.Clear();
        ReleaseReads();
    }

    private void LoseLeader()
    {
        _leader = null;
        FailOverReads();
    }

    private void Sweep()
    {
        lock (_gate)
        {
            var now = Environment.TickCount64;
            ExpireWrites(now);
            ExpireReads(now);
            SendParked();
        }

        Flush();
    }

    // Without the gate: sending takes its time, and a node in this process answers on this very thread.
    private void Flush() => Volatile.Read(ref _leader)?.Flush(_pending.Count > Few);
}

/// <summary>A batch of changes.</summary>
/// <param name="State">The mirror after the batch; only to be read during the call.</param>
/// <param name="Events">Only to be read during the call.</param>
/// <param name="Restored">The mirror was replaced as a whole: anything may have changed.</param>
public readonly record struct MirrorChange(ClusterState State, IReadOnlyList<StateEvent> Events, bool Restored)
{
    public LogIndex Index => State.AppliedIndex;

    public HlcTimestamp Time => State.Time;
}

/// <summary>How long and how much a client waits.</summary>
public sealed record ClusterClientOptions
{
    /// <summary>A request that found no quorum for this long fails.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMilliseconds(1500);

    /// <summary>Writes under way at once; more are refused as overload.</summary>
    public int MaxPendingWrites { get; init; } = 16_384;

    /// <summary>Bytes of the writes under way at once; once they are reached, more writes are refused as overload.</summary>
    public long MaxPendingBytes { get; init; } = 64 << 20;

    /// <summary>Reads under way at once; more are refused as overload.</summary>
    public int MaxPendingReads { get; init; } = 65_536;
}
