using Quorate.Core.Clocks;
using Quorate.Core.Raft;
using Quorate.Core.StateMachine.Nodes;

namespace Quorate.Node.Hosting;

/// <summary>What the engine needs of the world. Implemented over disk, sockets and threads by <see cref="RaftHost"/>.</summary>
public interface IEngineWorld
{
    /// <summary>Sends without waiting. May lose messages: Raft repeats what matters.</summary>
    void Send(Message message);

    /// <summary>Queues a save; when it and all before it are durable, <see cref="RaftEngine.OnSaved"/> is to be called with it.</summary>
    void Save(SaveJob job);

    /// <summary>Queues committed entries for the state machine, in order.</summary>
    void Apply(IReadOnlyList<Entry> entries);

    /// <summary>Queues the replacement of the state by a snapshot that the store holds, before any later <see cref="Apply"/>.</summary>
    void Restore(SnapshotMeta snapshot);

    /// <summary>Stores a chunk of a snapshot from the leader. Answers how far the snapshot has come.</summary>
    (long NextOffset, bool Complete) StoreChunk(SnapshotChunk chunk);

    /// <summary>Whether the disk has room for more than votes.</summary>
    bool HasRoom { get; }

    /// <summary>When the state machine has something to expire.</summary>
    HlcTimestamp? NextDue { get; }

    /// <summary>The members that the state machine wants beyond the founders.</summary>
    IReadOnlyList<RegisteredNode> Wanted { get; }
}

/// <summary>
/// The only place where save-before-send lives: feeds one <see cref="RaftNode"/> and carries out what it answers, in the order
/// that <see cref="Ready"/> demands. Single-threaded and without threads of its own, so that the simulator runs this very code.
/// </summary>
public sealed class RaftEngine(RaftNode node, IEngineWorld world)
{
    private readonly Dictionary<long, ReadRequest> _reads = [];
    private long _nextRead;
    private int _savesOutstanding;
    private LogIndex _clockEntry;

    public RaftNode Node => node;

    public void OnMessage(Message message)
    {
        if (message is SnapshotChunk chunk)
        {
            var (nextOffset, complete) = chunk.Term < node.Term ? (0L, false) : world.StoreChunk(chunk);
            node.StepSnapshot(chunk, nextOffset, complete);
            return;
        }

        node.Step(message);
    }

    /// <param name="unixMs">The wall clock, in milliseconds since 1970-01-01 UTC.</param>
    public void OnTick(long unixMs)
    {
        node.ObserveTime(unixMs);
        node.Tick();
        MembershipKeeper.Reconcile(node, world.Wanted);

        // One clock entry at a time, and only when no other entry will carry the time anyway.
        if (node.Role == RaftRole.Leader
            && world.NextDue is { } due
            && due.UnixMs < unixMs
            && node.CommitIndex >= _clockEntry
            && node.CommitIndex == node.LastIndex)
        {
            var proposed = node.ProposeClock();
            _clockEntry = proposed.Status == ProposeStatus.Accepted ? proposed.First : _clockEntry;
        }
    }

    public void OnProposal(Proposal proposal)
    {
        var status = world.HasRoom ? node.Propose(proposal.Command, proposal.Term).Status : ProposeStatus.DiskFull;
        if (status != ProposeStatus.Accepted)
        {
            proposal.Sender.OnRefused(proposal.Number, status);
        }
    }

    /// <param name="ticksLate">Ticks that are due and not reported yet, at this very moment.</param>
    public void OnRead(ReadRequest request, long ticksLate)
    {
        _reads[++_nextRead] = request;
        node.ReadIndex(_nextRead, ticksLate);
    }

    public void OnSaved(SaveJob job)
    {
        _savesOutstanding--;
        foreach (var message in job.SendWhenDurable)
        {
            world.Send(message);
        }

        if (job.Last is { } last)
        {
            node.Saved(last.Index, last.Term);
        }
    }

    /// <summary>Carries out everything the node wants done. To be called after each batch of inputs.</summary>
    public void Drain()
    {
        while (node.HasReady)
        {
            Carry(node.TakeReady());
        }
    }

    private void Carry(Ready ready)
    {
        foreach (var message in ready.SendAtOnce)
        {
            world.Send(message);
        }

        if (ready.MustSave || (ready.SendAfterSave.Count > 0 && _savesOutstanding > 0))
        {
            _savesOutstanding++;
            world.Save(new SaveJob(ready.HardState, ready.Snapshot, ready.Entries, ready.SendAfterSave));
        }
        else
        {
            foreach (var message in ready.SendAfterSave)
            {
                world.Send(message);
            }
        }

        if (ready.Snapshot is { } snapshot)
        {
            world.Restore(snapshot);
        }

        if (ready.Committed.Count > 0)
        {
            world.Apply(ready.Committed);
        }

        foreach (var read in ready.Reads)
        {
            if (_reads.Remove(read.RequestId, out var request))
            {
                request.Sender.OnReadIndex(request.Number, read.Index);
            }
        }
    }
}
