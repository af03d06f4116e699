using Quorate.Core.Raft;
using Quorate.Node.Hosting;
using Quorate.Node.Storage;
using Quorate.Simulation.Disk;
using Quorate.Simulation.Running;
using Quorate.Simulation.Time;

namespace Quorate.Simulation.Nodes;

/// <summary>One machine: what survives the process that runs on it.</summary>
internal sealed class SimNode
{
    private readonly World _world;
    private readonly Queue<Action> _held = new();
    private bool _paused;

    public SimNode(World world, NodeId id, IReadOnlyList<NodeId> founders, VirtualClock clock, SeededRandom random)
    {
        _world = world;
        Id = id;
        Clock = clock;
        Random = random;
        Disk = new VirtualDisk(random.Fork());
        var swarm = world.Swarm;
        Options = new RaftHostOptions(
            new RaftConfig
            {
                Id = id,
                MaxAppendEntries = swarm.MaxAppendEntries,
                MaxInflightAppends = swarm.MaxInflightAppends,
                SnapshotChunkBytes = swarm.ChunkBytes,
                LeaseReads = swarm.LeaseReads,
                Mutation = swarm.Mutation,
            },
            founders,
            new SnapshotPolicy { EveryEntries = swarm.SnapshotEvery, KeepEntries = swarm.KeepEntries });
    }

    public NodeId Id { get; }

    public VirtualClock Clock { get; }

    public VirtualDisk Disk { get; }

    public VirtualSnapshots Snapshots { get; } = new();

    public SeededRandom Random { get; }

    public RaftHostOptions Options { get; }

    /// <summary>Null while the machine is down or its process has ended.</summary>
    public SimProcess? Process { get; private set; }

    /// <summary>Its disk is damaged: it never comes back.</summary>
    public bool IsLost { get; private set; }

    /// <summary>A bit of its disk has flipped: it may have to refuse to start.</summary>
    public bool IsDamaged { get; set; }

    /// <summary>The hard state of the last save that was complete: what a restart must find, or newer.</summary>
    public HardState Promised { get; set; }

    /// <summary>Counts starts, so that a leader before and after a crash are not taken for one.</summary>
    public int Incarnation { get; private set; }

    public bool IsUp => Process is not null;

    public void Start()
    {
        if (IsUp || IsLost)
        {
            return;
        }

        Incarnation++;
        _paused = false;
        _held.Clear();
        try
        {
            Process = new SimProcess(_world, this);
            _world.Trace.Note($"{Id} starts, term {Process.Raft.Term}, log {Process.Raft.Snapshot.Index}..{Process.Raft.LastIndex}");
        }
        catch (StorageException refused) when (refused.InnerException is IOException and not StorageException)
        {
            // The disk did not do what it was asked for; what it holds is another matter.
            _world.Trace.Note($"{Id} cannot start: {refused.Message}");
            Disk.Crash(power: false);
            _world.PlanRestart(this);
        }
        catch (StorageException damaged)
        {
            SimulationFailure.Unless(IsDamaged, Invariant.Durability, $"{Id} cannot start although nothing damaged its disk: {damaged.Message}");
            _world.Trace.Note($"{Id} refuses to start and is lost: {damaged.Message}");
            IsLost = true;
        }
    }

    /// <param name="power">Without it only the process dies, and what it wrote stays with the operating system.</param>
    public void Crash(bool power)
    {
        if (Process is { } process)
        {
            _world.Trace.Note($"{Id} {(power ? "loses power" : "is killed")}");
            process.Kill();
            Process = null;
        }

        Disk.Crash(power);
        Snapshots.Crash();
        if (!power)
        {
            _world.AnnounceLoss(Id);
        }

        _world.PlanRestart(this);
    }

    /// <summary>The process gives up by itself.</summary>
    public void Stop(Exception reason)
    {
        _world.Trace.Note($"{Id} stops by itself: {reason.Message}");
        Crash(power: false);
    }

    /// <summary>Stops every thread of the process for a while, as SIGSTOP does.</summary>
    public void Pause(long duration)
    {
        if (!IsUp || _paused)
        {
            return;
        }

        _world.Trace.Note($"{Id} pauses for {duration / Duration.Millisecond} ms");
        _paused = true;
        var incarnation = Incarnation;
        _world.Time.After(duration, () =>
        {
            if (incarnation == Incarnation && _paused)
            {
                Resume();
            }
        });
    }

    public void Resume()
    {
        _paused = false;
        while (!_paused && _held.TryDequeue(out var action))
        {
            action();
        }
    }

    public void Receive(Message message)
    {
        if (Process is { } process)
        {
            process.Receive(message);
        }
    }

    /// <summary>Runs something of a process, or keeps it until the process goes on.</summary>
    public void Run(SimProcess owner, Action action)
    {
        if (Process != owner)
        {
            return;
        }

        if (_paused)
        {
            _held.Enqueue(() => Run(owner, action));
            return;
        }

        try
        {
            action();
        }
        catch (StorageException failed)
        {
            Stop(failed);
        }
        catch (Exception broken) when (broken is not SimulationFailure)
        {
            throw new SimulationFailure(Invariant.NoException, $"{Id} gives up: {broken.GetType().Name}: {broken.Message}", broken);
        }
    }
}
