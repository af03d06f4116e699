using Microsoft.Extensions.Logging.Abstractions;
using Quorate.Core.Clocks;
using Quorate.Core.Raft;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Nodes;
using Quorate.Node.Hosting;
using Quorate.Node.Storage;
using Quorate.Simulation.Invariants;
using Quorate.Simulation.Running;
using Quorate.Simulation.Time;

namespace Quorate.Simulation.Nodes;

/// <summary>
/// One run of a node's process: what <see cref="RaftHost"/> is in production, on virtual time. The engine, the log, recovery and the
/// applier are the production ones; only threads, files and sockets are replaced.
/// </summary>
internal sealed partial class SimProcess : IEngineWorld, IElectionJitter
{
    private const int SegmentBytes = WalOptions.MinSegmentBytes;
    private const double ApplyDelay = 50;

    private readonly World _world;
    private readonly SimNode _node;
    private readonly Queue<object> _inbox = new();
    private readonly RaftEngine _engine;
    private readonly WriteAheadLog _log;
    private readonly SimFlusher _flusher;
    private readonly SimSnapshotter _snapshotter;
    private readonly Applier _applier;
    private readonly long _tick;
    private bool _ready;
    private bool _applyPlanned;

    public SimProcess(World world, SimNode node)
    {
        _world = world;
        _node = node;
        _tick = node.Options.Raft.TickMs * Duration.Millisecond;
        _log = WriteAheadLog.Open(
            $"/{node.Id}", new WalOptions { SegmentBytes = SegmentBytes, Node = node.Id, Clock = node.Clock }, NullLogger.Instance, node.Disk);
        ClusterInvariants.Recovered(node, _log.Recovered);
        var latest = node.Snapshots.OpenLatest();
        var restored = Recovery.Restore(node.Options, _log, latest?.Meta, NullLogger.Instance);
        var state = Mutated(latest?.State ?? new ClusterState());
        _engine = new RaftEngine(new RaftNode(node.Options.Raft, restored, this), this);
        _flusher = new SimFlusher(world, node, this, _log);
        _snapshotter = new SimSnapshotter(node, this, OnSnapshotTaken);
        _applier = new Applier(node.Id.Value, state, restored.Snapshot.Membership, _snapshotter, _ => { }, _ => { });
        world.Check.Restored(node, restored, state);
        Subscribe(new AppliedWatch(world, node), restored.Snapshot.Index);

        // What recovery wrote takes its time too; before that the node says nothing.
        Schedule(world.FsyncTime(node), () =>
        {
            node.Disk.Complete();
            node.Promised = restored.HardState;
            node.IsDamaged = false;
            _ready = true;
            _nextTick = node.Clock.GetTimestamp() + node.Random.Between(0, _tick);
            PlanTick();
            _flusher.Start();
            Wake();
            world.StatusChanged(this);
        });
    }

    public NodeId Id => _node.Id;

    public RaftNode Raft => _engine.Node;

    public LogIndex AppliedIndex => _applier.AppliedIndex;

    public bool HasRoom => _log.HasRoom;

    public HlcTimestamp? NextDue => _applier.NextDue;

    public IReadOnlyList<RegisteredNode> Wanted => _applier.Wanted;

    /// <summary>Reads the state as applied so far.</summary>
    public T ReadState<T>(Func<ClusterState, T> query) => _applier.Read(query);

    public void Receive(Message message) => Post(message);

    public void Propose(Proposal proposal) => Post(proposal);

    public void Read(ReadRequest request) => Post(request);

    public void ConnectionLost(NodeId peer) => Ask(raft => raft.ConnectionLost(peer));

    /// <summary>Does something to the Raft node in its loop.</summary>
    public void Ask(Action<RaftNode> action) => Post(action);

    public void Subscribe(ITap tap, LogIndex after)
    {
        _applier.Subscribe(tap, after);
        PlanApply();
    }

    public void Unsubscribe(ITap tap)
    {
        _applier.Unsubscribe(tap);
        PlanApply();
    }

    public void Post(object input)
    {
        _inbox.Enqueue(input);
        Wake();
    }

    /// <summary>Does something after some time of this process, which does not pass while the process is paused or dead.</summary>
    public void Schedule(long delay, Action action) => _world.Time.After(delay, () => _node.Run(this, action));

    public void Kill() => _log.Dispose();

    public int Next(int min, int max) => (int)_node.Random.Between(min, max);

    void IEngineWorld.Send(Message message)
    {
        if (message is not SnapshotChunk { Data.IsEmpty: true } chunk)
        {
            _world.Network.Send(message);
        }
        else if (_node.Snapshots.ReadChunk(chunk.Meta, chunk.Offset, _node.Options.Raft.SnapshotChunkBytes) is { } part)
        {
            _world.Network.Send(chunk with { Data = part.Data, Done = part.Done });
        }
        else
        {
            Raft.SnapshotUnavailable(chunk.To);
        }
    }

    void IEngineWorld.Save(SaveJob job) => _flusher.Post(job);

    void IEngineWorld.Apply(IReadOnlyList<Entry> entries)
    {
        _world.Check.Committed(_node, entries, Raft.Term);
        _applier.Apply(entries);
        PlanApply();
    }

    void IEngineWorld.Restore(SnapshotMeta snapshot)
    {
        var latest = _node.Snapshots.OpenLatest()
            ?? throw new StorageException($"snapshot {snapshot.Index} was received but cannot be read");
        _world.Trace.Note(snapshot.Index.Value, snapshot.Term.Value, 0, $"{Id} restores the snapshot at {snapshot.Index} of term {snapshot.Term}");
        _applier.Restore(Mutated(latest.State), latest.Meta);
        PlanApply();
    }

    (long NextOffset, bool Complete) IEngineWorld.StoreChunk(SnapshotChunk chunk) => _node.Snapshots.ReceiveChunk(chunk);

    private ClusterState Mutated(ClusterState state)
    {
        state.Mutation = _world.Swarm.Mutation;
        return state;
    }

    private void OnSnapshotTaken(SnapshotMeta meta)
    {
        Ask(raft => raft.Compact(meta, _node.Options.Snapshots.KeepEntries));
        _flusher.CompactTo(_node.Snapshots.CompactableIndex);
    }

    private void PlanApply()
    {
        if (!_applyPlanned)
        {
            _applyPlanned = true;
            Schedule(_node.Random.Exponential(ApplyDelay), () =>
            {
                _applyPlanned = false;
                while (_applier.TryRunNext())
                {
                }
            });
        }
    }
}
