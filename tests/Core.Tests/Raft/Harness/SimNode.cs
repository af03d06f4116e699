using System.Text;
using Quorate.Core.Raft;

namespace Quorate.Core.Tests.Raft.Harness;

/// <summary>
/// A <see cref="RaftNode"/> with the smallest host that honours <see cref="Ready"/>'s order: saves wait in a queue, what has to
/// follow a save is sent when its turn comes, and a crash forgets whatever was not saved.
/// </summary>
internal sealed class SimNode(NodeId id, RaftConfig config, RestoredState founding, RaftCluster cluster)
{
    private readonly Queue<PendingSave> _saves = new();
    private byte[]? _receivedSnapshot;

    private sealed record PendingSave(Ready Ready, Term PreviousTerm, byte[]? SnapshotData);

    public NodeId Id { get; } = id;

    public SimDisk Disk { get; } = new(founding);

    /// <summary>Null while crashed.</summary>
    public RaftNode? Raft { get; private set; }

    /// <summary>Counts restarts, so that a leader before and after a crash are not taken for one.</summary>
    public int Incarnation { get; private set; }

    /// <summary>Saves stay in the queue until <see cref="CompleteSave"/>.</summary>
    public bool HoldSaves { get; set; }

    public int PendingSaves => _saves.Count;

    /// <summary>The log as handed out so far, saved or not, without what is compacted away.</summary>
    public ShadowLog Log { get; } = new();

    /// <summary>The state machine: every command applied, in order.</summary>
    public List<string> Applied { get; } = [];

    public LogIndex AppliedIndex { get; private set; }

    public Dictionary<long, LogIndex?> Reads { get; } = [];

    public int JitterTicks { get; set; }

    public void Start()
    {
        var restored = Disk.Restore();
        Incarnation++;
        Raft = new RaftNode(config, restored, new NodeJitter(this, cluster));
        Log.Reset(restored.Snapshot, restored.Entries);
        RestoreState(restored.Snapshot, Disk.SnapshotData);
    }

    public void Crash()
    {
        Raft = null;
        _saves.Clear();
        _receivedSnapshot = null;
        Reads.Clear();
    }

    /// <summary>Steps a message as the host does, storing a snapshot's chunk first.</summary>
    public void Receive(Message message)
    {
        if (message is SnapshotChunk chunk)
        {
            StoreChunk(chunk);
        }
        else
        {
            Raft!.Step(message);
        }

        Drain();
    }

    /// <summary>Takes every ready there is. Ends, or the node is never done.</summary>
    public void Drain()
    {
        const int bound = 10_000;
        for (var i = 0; Raft is { HasReady: true }; i++)
        {
            Assert.True(i < bound, $"{Id} has something ready forever");
            Take(Raft.TakeReady());
        }
    }

    /// <summary>The oldest save reaches the disk.</summary>
    public void CompleteSave()
    {
        var (ready, previousTerm, snapshotData) = _saves.Dequeue();
        Disk.Save(ready, snapshotData);
        cluster.Check.Exists(Id, ready.Entries, previousTerm);
        cluster.Send(ready.SendAfterSave);
        if (ready.Entries.Count > 0)
        {
            Raft!.Saved(ready.Entries[^1].Index, ready.Entries[^1].Term);
        }

        Drain();
    }

    /// <summary>Takes a snapshot of what is applied and drops the log before it.</summary>
    public void Compact(int keep)
    {
        if (AppliedIndex <= Disk.Snapshot.Index || PendingSaves > 0)
        {
            return;
        }

        var last = Log[AppliedIndex];
        var meta = new SnapshotMeta(AppliedIndex, last.Term, last.Time, Raft!.MembershipAt(AppliedIndex));
        Disk.Compact(meta, Encoding.UTF8.GetBytes(string.Join('\n', Applied)));
        Raft.Compact(meta, keep);
        Log.Compact(Raft.Snapshot);
        Drain();
    }

    private void Take(Ready ready)
    {
        Log.Take(ready);
        cluster.Check.Taken(this, ready);
        cluster.Send(FillChunks(ready.SendAtOnce));
        var previousTerm = ready.Entries.Count > 0 ? Log.TermAt(ready.Entries[0].Index.Previous)!.Value : Term.Zero;
        _saves.Enqueue(new PendingSave(ready, previousTerm, ready.Snapshot is null ? null : _receivedSnapshot));
        if (ready.Snapshot is { } snapshot)
        {
            RestoreState(snapshot, _receivedSnapshot!);
        }

        foreach (var entry in ready.Committed)
        {
            Assert.Equal(AppliedIndex.Next, entry.Index);
            AppliedIndex = entry.Index;
            if (entry.Kind == EntryKind.Command)
            {
                Applied.Add(Encoding.UTF8.GetString(entry.Data.Span));
            }
        }

        foreach (var read in ready.Reads)
        {
            Reads.Add(read.RequestId, read.Index);
            cluster.Check.ReadAnswered(this, read);
        }

        while (!HoldSaves && _saves.Count > 0)
        {
            CompleteSave();
        }
    }

    private List<Message> FillChunks(IReadOnlyList<Message> messages)
    {
        var filled = new List<Message>(messages.Count);
        foreach (var message in messages)
        {
            if (message is not SnapshotChunk chunk)
            {
                filled.Add(message);
            }
            else if (chunk.Meta != Disk.Snapshot)
            {
                Raft!.SnapshotUnavailable(chunk.To);
            }
            else
            {
                var offset = (int)Math.Min(chunk.Offset, Disk.SnapshotData.Length);
                var length = Math.Min(config.SnapshotChunkBytes, Disk.SnapshotData.Length - offset);
                filled.Add(chunk with
                {
                    Data = Disk.SnapshotData.AsMemory(offset, length),
                    Done = offset + length == Disk.SnapshotData.Length,
                });
            }
        }

        return filled;
    }

    private void StoreChunk(SnapshotChunk chunk)
    {
        if (Disk.Incoming is not { } incoming || incoming.Meta != chunk.Meta)
        {
            incoming = (chunk.Meta, []);
        }

        var next = chunk.Offset == incoming.Data.Length;
        if (next)
        {
            incoming.Data = [.. incoming.Data, .. chunk.Data.Span];
        }

        Disk.Incoming = incoming;
        _receivedSnapshot = incoming.Data;
        Raft!.StepSnapshot(chunk, incoming.Data.Length, complete: next && chunk.Done);
    }

    private void RestoreState(SnapshotMeta snapshot, byte[] data)
    {
        Applied.Clear();
        Applied.AddRange(Encoding.UTF8.GetString(data).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        AppliedIndex = snapshot.Index;
    }

    private sealed class NodeJitter(SimNode node, RaftCluster cluster) : IElectionJitter
    {
        public int Next(int min, int max) =>
            cluster.Random?.Next(min, max + 1) ?? Math.Clamp(min + node.JitterTicks, min, max);
    }
}
