using Quorate.Core.Clocks;
using Quorate.Core.Codec;
using Quorate.Core.Collections;

namespace Quorate.Core.StateMachine.Locks;

/// <summary>
/// Locks and semaphores: exclusive, shared or by permits, one or several at once, reentrant by owner, fair, fenced, bounded by a TTL
/// or a session, with exact deadlock detection and a flight recorder.
/// </summary>
public sealed partial class LockTable
{
    /// <summary>Requests that may wait for one lock.</summary>
    public const int MaxWaiters = 1024;

    /// <summary>Past deadlocks that are remembered.</summary>
    public const int KeptDeadlocks = 100;

    /// <summary>Locks whose history is kept: the ones that changed last.</summary>
    public const int KeptHistories = 2048;

    private readonly CowTree<string, LockState> _locks = new(StringComparer.Ordinal);
    private readonly CowTree<long, LockWaitAll> _together = new(Comparer<long>.Default);
    private readonly CowTree<long, Deadlock> _deadlocks = new(Comparer<long>.Default);
    private readonly LockRecorder _recorder = new();
    private readonly WaitForGraph _graph;

    public LockTable() => _graph = new WaitForGraph(Get, WaitingOn);

    public int Count => _locks.Count;

    /// <summary>Requests waiting, over all locks; one for several locks counts in each.</summary>
    public int Waiters => _waiting.Count;

    internal HlcTimestamp? NextDue => _expiry.NextDue;

    public LockState? Get(string name) => _locks.TryGet(name, out var state) ? state : null;

    /// <summary>What happened to a lock lately; null when nothing did, or too many others have changed since.</summary>
    public LockHistory? History(string name) => _recorder.Get(name);

    /// <summary>Locks by name with a prefix, from <paramref name="from"/> (excluded) on. The table must not change meanwhile.</summary>
    public IEnumerable<LockState> Range(string prefix, string? from = null)
    {
        var start = from is not null && string.CompareOrdinal(from, prefix) > 0 ? from : prefix;
        return _locks.From(start)
            .TakeWhile(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Where(pair => pair.Key != from && !pair.Value.IsIdle)
            .Select(pair => pair.Value);
    }

    /// <summary>Oldest first.</summary>
    public IEnumerable<Deadlock> Deadlocks() => _deadlocks.All().Select(pair => pair.Value);

    /// <summary>Every edge of the wait-for graph, by waiting owner, with the time since when it waits.</summary>
    public IEnumerable<(CycleStep Edge, HlcTimestamp Since)> WaitEdges()
    {
        foreach (var owner in _waiting.Select(pair => pair.Owner).Distinct())
        {
            foreach (var edge in _graph.Edges(owner))
            {
                yield return (edge, Get(edge.Lock)!.WaitOf(owner)!.Since);
            }
        }
    }

    /// <summary>Whether the request with this ticket still waits.</summary>
    public bool IsWaiting(ILockRequest request, long ticket) => Get(request.AnyLock)?.WaitOf(request.Owner)?.Ticket == ticket;

    /// <summary>Until when a request waits, and what it would be answered if it gave up now; null when it does not wait.</summary>
    public (HlcTimestamp Until, CommandResult Refusal)? Waiting(ILockRequest request, long ticket) =>
        Get(request.AnyLock) is { } state && state.WaitOf(request.Owner) is { } wait && wait.Ticket == ticket
            ? (wait.Until, NotGranted(wait, state))
            : null;

    internal FrozenLocks Freeze() => new(_locks.Freeze(), _together.Freeze(), _deadlocks.Freeze(), _recorder.Freeze());

    /// <summary>Reads a record that <see cref="FrozenLocks.Records"/> wrote, of this version or an earlier one.</summary>
    internal void Restore(byte tag, ref ByteReader reader)
    {
        switch (tag)
        {
            case SnapshotTags.Lock or SnapshotTags.Semaphore:
                var state = LockCodec.ReadState(ref reader, semaphore: tag == SnapshotTags.Semaphore);
                _locks.Set(state.Name, state);
                IndexAll(state);
                break;
            case SnapshotTags.LockWaitAll:
                var waits = LockCodec.ReadWaitAll(ref reader);
                _together.Set(waits.Ticket, waits);
                break;
            case SnapshotTags.LockHistory:
                _recorder.Restore(LockCodec.ReadHistory(ref reader));
                break;
            default:
                var deadlock = LockCodec.ReadDeadlock(ref reader, modes: tag == SnapshotTags.DeadlockWithModes);
                _deadlocks.Set(deadlock.Index, deadlock);
                break;
        }
    }
}
