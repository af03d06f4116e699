using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Quorate.Core.Clocks;
using Quorate.Core.Raft;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Nodes;
using Quorate.Node.Diagnostics;
using Quorate.Node.Storage;

namespace Quorate.Node.Hosting;

/// <summary>
/// One Raft group on one node, with its threads.
/// <code>
///   transport, links ──▶ inbox ──▶ engine ──▶ flusher (WAL, fsync) ──▶ inbox
///                                    │  └──▶ transport
///                                    └─────▶ applier (state, taps) ──▶ snapshotter
/// </code>
/// Whoever brings work to the inbox does it, <see cref="Work"/>, when no other thread has the turn: a message travels from the socket
/// through engine and applier to the next socket on one thread. The loop's own thread keeps the ticks and takes what the others
/// leave. None of this waits for the thread pool: a burst of requests must not delay a heartbeat.
/// </summary>
public sealed partial class RaftHost : IEngineWorld, IStateReader, IDisposable
{
    /// <summary>Proposals and reads that may wait in the inbox; beyond it they are refused.</summary>
    private const int MaxInbox = 65_536;

    /// <summary>Bytes of the proposals that may wait in the inbox; once they are reached, more are refused.</summary>
    private const long MaxInboxBytes = 64 << 20;

    private readonly Inbox<object> _inbox = new();
    private long _inboxBytes;

    // Held while the engine runs. Nobody who holds it waits for another lock of this class, or for a thread.
    private readonly Lock _turn = new();
    private readonly RaftEngine _engine;
    private readonly Applier _applier;
    private readonly Flusher _flusher;
    private readonly Snapshotter _snapshotter;
    private readonly SnapshotStore _snapshots;
    private readonly WriteAheadLog _log;
    private readonly RaftHostOptions _options;
    private readonly ILogger _logger;
    private readonly Action<Message> _send;
    private readonly Action _flush;
    private readonly LatencyWindow _fsync;
    private readonly RoundTrips _roundTrips = new(TimeProvider.System);
    private readonly DateTimeOffset _startedAt = DateTimeOffset.UtcNow;
    private readonly Thread _loop;

    // In units of the stopwatch.
    private readonly long _tick;
    private long _nextTick;

    private volatile bool _stopping;
    private long _statusAt;
    private volatile NodeStatus _status;
    private volatile string? _failure;

    /// <param name="send">Hands a message to the transport; must not block.</param>
    /// <param name="flush">Lets the transport send what it was handed; must not block.</param>
    /// <exception cref="StorageException">Log and snapshots do not fit together.</exception>
    public RaftHost(RaftHostOptions options, WriteAheadLog log, SnapshotStore snapshots, LatencyWindow fsync, Action<Message> send, Action flush, ILogger logger)
    {
        _options = options;
        _tick = ToStamp(TimeSpan.FromMilliseconds(options.Raft.TickMs));
        _log = log;
        _snapshots = snapshots;
        _fsync = fsync;
        _send = send;
        _flush = flush;
        _logger = logger;
        var name = options.Raft.Id.Value;
        var (restored, state) = Recovery.Restore(options, log, snapshots, logger);
        _engine = new RaftEngine(new RaftNode(options.Raft, restored, new RandomJitter()), this);
        _flusher = new Flusher(log, name, _inbox.Add, OnSettled, Fail);
        _snapshotter = new Snapshotter(snapshots, options.Snapshots, name, logger, OnSnapshotTaken);
        _applier = new Applier(name, state, restored.Snapshot.Membership, _snapshotter, wanted => WantedChanged?.Invoke(wanted), Fail);
        _loop = new Thread(Run) { Name = $"raft-{name}", IsBackground = true, Priority = ThreadPriority.AboveNormal };
        _status = MakeStatus();
        NodeLog.Started(logger, name, restored.Entries.Count, restored.Snapshot.Index.Value, restored.HardState.Term.Value);
    }

    /// <summary>As of the last round of the loop, at most a few milliseconds old while the node works.</summary>
    public NodeStatus Status => _status;

    /// <summary>Called on the loop's thread when role, term or leader changed, and when the node has failed.</summary>
    public event Action<NodeStatus>? StatusChanged;

    public bool HasRoom => _log.HasRoom;

    public HlcTimestamp? NextDue => _applier.NextDue;

    public IReadOnlyList<RegisteredNode> Wanted => _applier.Wanted;

    /// <summary>The wanted members changed, or are known after a start. Called on the applier's thread.</summary>
    public event Action<IReadOnlyList<RegisteredNode>>? WantedChanged;

    public void Start()
    {
        _flusher.Start();
        _applier.Start();
        _loop.Start();
    }

    /// <summary>A message from another node, for the next <see cref="Work"/>. Called by the transport.</summary>
    public void Receive(Message message) => _inbox.Add(message);

    /// <summary>The connection to another node was lost. Called by the transport.</summary>
    public void ConnectionLost(NodeId peer) => Post(node => node.ConnectionLost(peer));

    /// <summary>Queues a proposal for the next <see cref="Work"/>.</summary>
    public void Propose(Proposal proposal)
    {
        if (_failure is not null)
        {
            proposal.Sender.OnRefused(proposal.Number, ProposeStatus.NotLeader);
        }
        else if (_inbox.Count > MaxInbox || Interlocked.Read(ref _inboxBytes) >= MaxInboxBytes)
        {
            proposal.Sender.OnRefused(proposal.Number, ProposeStatus.Overloaded);
        }
        else
        {
            Interlocked.Add(ref _inboxBytes, proposal.Command.Length);
            _inbox.Add(proposal);
        }
    }

    /// <summary>Queues a read for the next <see cref="Work"/>.</summary>
    public void Read(ReadRequest request)
    {
        if (_failure is not null || _inbox.Count > MaxInbox)
        {
            request.Sender.OnReadIndex(request.Number, null);
        }
        else
        {
            _inbox.Add(request);
        }
    }

    /// <summary>Asks the Raft node something on its own thread.</summary>
    public Task<T> AskAsync<T>(Func<RaftNode, T> question)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_failure is { } failure)
        {
            answer.SetException(new InvalidOperationException(failure));
            return answer.Task;
        }

        Post(node => answer.TrySetResult(question(node)));
        return answer.Task;
    }

    /// <summary>Reads the state as applied by this node so far: perhaps old, never wrong.</summary>
    public T ReadState<T>(Func<ClusterState, T> query) => _applier.Read(query);

    public void Subscribe(ITap tap, LogIndex after) => _applier.Subscribe(tap, after);

    public void Unsubscribe(ITap tap) => _applier.Unsubscribe(tap);

    /// <summary>Stops the threads. What was not durable is lost, as in a crash; the log stays open.</summary>
    public void Dispose()
    {
        _stopping = true;
        _inbox.Wake();
        if (_loop.IsAlive)
        {
            _loop.Join();
        }

        // Another thread may still be at it.
        lock (_turn)
        {
        }

        _flusher.Dispose();
        _applier.Dispose();
        _snapshotter.Stop();
    }

    void IEngineWorld.Send(Message message)
    {
        if (message is not SnapshotChunk { Data.IsEmpty: true } chunk)
        {
            _roundTrips.OnSent(message);
            _send(message);
            return;
        }

        if (_snapshots.ReadChunk(chunk.Meta, chunk.Offset, _options.Raft.SnapshotChunkBytes) is { } part)
        {
            _send(chunk with { Data = part.Data, Done = part.Done });
        }
        else
        {
            _engine.Node.SnapshotUnavailable(chunk.To);
        }
    }

    void IEngineWorld.Save(SaveJob job) => _flusher.Post(job);

    void IEngineWorld.Apply(IReadOnlyList<Entry> entries) => _applier.Apply(entries);

    void IEngineWorld.Restore(SnapshotMeta snapshot)
    {
        using var reader = _snapshots.TryOpenLatest()
            ?? throw new StorageException($"snapshot {snapshot.Index} was received but cannot be read");
        _applier.Restore(StateSnapshot.Read(reader.Records()), reader.Meta);
        NodeLog.SnapshotRestored(_logger, _options.Raft.Id.Value, snapshot.Index.Value);
    }

    (long NextOffset, bool Complete) IEngineWorld.StoreChunk(SnapshotChunk chunk)
    {
        var progress = _snapshots.ReceiveChunk(chunk.Meta, chunk.Offset, chunk.Data.Span, chunk.Done);
        return (progress.NextOffset, progress.Installed);
    }

    private void Post(Action<RaftNode> action) => _inbox.Post(action);

    private void OnSnapshotTaken(SnapshotMeta meta)
    {
        Post(node => node.Compact(meta, _options.Snapshots.KeepEntries, _options.Snapshots.KeepBytes));
        _flusher.CompactTo(_snapshots.CompactableIndex);
    }

    // The node stops serving and voting: what its disk or its state holds is not certain any more.
    private void Fail(Exception error)
    {
        if (_failure is not null)
        {
            return;
        }

        _failure = error.Message;
        NodeLog.Failed(_logger, _options.Raft.Id.Value, error is StorageException ? error.Message : error.ToString());
        _inbox.Wake();
        _status = _status with { Failure = error.Message, Role = RaftRole.Follower, Leader = NodeId.None };
        StatusChanged?.Invoke(_status);
    }

    /// <summary>The status with the figures that cost something to work out.</summary>
    public NodeStatus DetailedStatus() => _status with { Fsync = _fsync.Figures() };

    private static long ToStamp(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    private sealed class RandomJitter : IElectionJitter
    {
        public int Next(int min, int max) => Random.Shared.Next(min, max + 1);
    }
}

/// <summary>How a group runs on this node.</summary>
/// <param name="Founders">The voters a new cluster begins with; empty for a node that will be added to a running one.</param>
public sealed record RaftHostOptions(RaftConfig Raft, IReadOnlyList<NodeId> Founders, SnapshotPolicy Snapshots);
