using Quorate.Core;
using Quorate.Core.Raft;
using Quorate.Node.Hosting;
using Quorate.Node.Storage;
using Quorate.Simulation.Running;
using Quorate.Simulation.Time;

namespace Quorate.Simulation.Nodes;

/// <summary>What the flusher's thread does in production: group commit over a disk that takes its time.</summary>
internal sealed class SimFlusher(World world, SimNode node, SimProcess process, WriteAheadLog log)
{
    private const long DiskFullWait = 250 * Duration.Millisecond;
    private const long IdleWait = Duration.Second;

    private readonly Queue<SaveJob> _jobs = new();
    private readonly List<SaveJob> _batch = [];
    private bool _isBusy;
    private LogIndex _compactTo;

    /// <summary>Looks after reserved space now and then, as the thread does when it has slept long enough.</summary>
    public void Start()
    {
        Begin();
        process.Schedule(IdleWait, Start);
    }

    public void Post(SaveJob job)
    {
        if (world.Swarm.Mutation == Mutation.AckBeforeFsync)
        {
            process.Post(job);
        }

        _jobs.Enqueue(job);
        Begin();
    }

    public void CompactTo(LogIndex upTo)
    {
        _compactTo = upTo;
        Begin();
    }

    private void Begin()
    {
        if (_isBusy)
        {
            return;
        }

        if (_jobs.Count == 0)
        {
            Idle();
            return;
        }

        _isBusy = true;
        while (_jobs.TryDequeue(out var job))
        {
            var hardState = world.Swarm.Mutation == Mutation.VoteNotPersisted ? null : job.HardState;
            log.Append(hardState, job.Snapshot, job.Entries);
            _batch.Add(job);
        }

        Flush();
    }

    private void Flush()
    {
        try
        {
            log.Flush();
            process.Schedule(world.FsyncTime(node), Done);
        }
        catch (WalDiskFullException)
        {
            world.Trace.Note($"{node.Id} waits: its disk is full");
            process.Schedule(DiskFullWait, Flush);
        }
    }

    private void Done()
    {
        node.Disk.Complete();
        foreach (var job in _batch)
        {
            world.Check.Saved(node, job);
            node.Promised = job.HardState ?? node.Promised;
            if (world.Swarm.Mutation != Mutation.AckBeforeFsync)
            {
                process.Post(job);
            }
        }

        _batch.Clear();
        _isBusy = false;
        Begin();
    }

    private void Idle()
    {
        log.Flush();
        if (_compactTo > LogIndex.Zero)
        {
            log.Compact(_compactTo);
            _compactTo = LogIndex.Zero;
        }

        node.Disk.Complete();
    }
}
