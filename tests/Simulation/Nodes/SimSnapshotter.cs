using Quorate.Core;
using Quorate.Core.Raft;
using Quorate.Core.StateMachine;
using Quorate.Node.Hosting;
using Quorate.Simulation.Disk;
using Quorate.Simulation.Time;

namespace Quorate.Simulation.Nodes;

/// <summary>What the snapshotter does in production: writes a frozen state while entries go on being applied.</summary>
internal sealed class SimSnapshotter(SimNode node, SimProcess process, Action<SnapshotMeta> taken) : ISnapshotTaker
{
    private const double WriteTime = 20 * Duration.Millisecond;

    private int _entries;
    private bool _isWriting;

    public bool IsDue(IReadOnlyList<Entry> applied)
    {
        _entries += applied.Count;
        return _entries >= node.Options.Snapshots.EveryEntries && !_isWriting;
    }

    public void Take(FrozenState state, Membership membership)
    {
        _entries = 0;
        _isWriting = true;
        var meta = new SnapshotMeta(state.AppliedIndex, state.AppliedTerm, state.Time, membership);
        process.Schedule(node.Random.Exponential(WriteTime), () =>
        {
            _isWriting = false;
            if (node.Disk.IsFull)
            {
                return;
            }

            var written = node.Options.Raft.Mutation == Mutation.SnapshotRacesLog ? process.ReadState(live => live.Freeze()) : state;
            node.Snapshots.Accept(meta, SnapshotBytes.Write(written));
            taken(meta);
        });
    }
}
