using Quorate.Core.Codec;
using Quorate.Core.Collections;

namespace Quorate.Core.StateMachine.Locks;

/// <summary>Everything of <see cref="LockTable"/> as it was after one entry.</summary>
internal sealed class FrozenLocks(
    CowTree<string, LockState>.Frozen locks,
    CowTree<long, LockWaitAll>.Frozen together,
    CowTree<long, Deadlock>.Frozen deadlocks,
    CowTree<string, LockHistory>.Frozen histories)
{
    /// <summary>The records of a snapshot, each with its tag, always in the same order.</summary>
    public IEnumerable<(byte Tag, Action<ByteWriter> Write)> Records()
    {
        foreach (var (_, state) in locks.All())
        {
            yield return (state.Permits == 0 ? SnapshotTags.Lock : SnapshotTags.Semaphore, writer => LockCodec.Write(writer, state));
        }

        foreach (var (_, waits) in together.All())
        {
            yield return (SnapshotTags.LockWaitAll, writer => LockCodec.Write(writer, waits));
        }

        foreach (var (_, deadlock) in deadlocks.All())
        {
            yield return (SnapshotTags.DeadlockWithModes, writer => LockCodec.Write(writer, deadlock));
        }

        foreach (var (_, history) in histories.All())
        {
            yield return (SnapshotTags.LockHistory, writer => LockCodec.Write(writer, history));
        }
    }
}
