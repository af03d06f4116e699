using Quorate.Core.Clocks;
using Quorate.Core.Collections;

namespace Quorate.Core.StateMachine.Locks;

/// <summary>
/// Locks: exclusive and shared, reentrant by owner, fair, fenced, bounded by a TTL or a session, with exact deadlock detection.
/// </summary>
public sealed partial class LockTable
{
    /// <summary>Requests that may wait for one lock.</summary>
    public const int MaxWaiters = 1024;

    /// <summary>Past deadlocks that are remembered.</summary>
    public const int KeptDeadlocks = 100;

    private readonly CowTree<string, LockState> _locks = new(StringComparer.Ordinal);
    private readonly CowTree<long, Deadlock> _deadlocks = new(Comparer<long>.Default);

    // Derived from the locks, rebuilt when a snapshot is read.
    private readonly ExpiryIndex<(string Lock, string Owner, bool Waits)> _expiry = new(Comparer<(string, string, bool)>.Create(Compare));
    private readonly SortedSet<(string Owner, string Lock)> _waiting = new(Comparer<(string, string)>.Create(ComparePair));
    private readonly SortedSet<(long Session, string Lock, string Owner)> _bySession = new(Comparer<(long, string, string)>.Create(CompareBound));
    private readonly WaitForGraph _graph;

    public LockTable() => _graph = new WaitForGraph(Get, WaitingOn);

    public int Count => _locks.Count;

    /// <summary>Requests waiting, over all locks.</summary>
    public int Waiters => _waiting.Count;

    internal HlcTimestamp? NextDue => _expiry.NextDue;

    public LockState? Get(string name) => _locks.TryGet(name, out var state) ? state : null;

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

    internal (CowTree<string, LockState>.Frozen Locks, CowTree<long, Deadlock>.Frozen Deadlocks) Freeze() =>
        (_locks.Freeze(), _deadlocks.Freeze());

    internal CommandResult Apply(LockAcquire acquire, in ApplyContext context)
    {
        var state = Get(acquire.Name) ?? LockState.Free(acquire.Name);
        if (state.HoldOf(acquire.Owner) is { } hold && (hold.Mode == LockMode.Exclusive || acquire.Mode == LockMode.Shared))
        {
            return Reenter(state, hold, acquire, context);
        }

        if (state.WaitOf(acquire.Owner) is { } waiting)
        {
            return new CommandResult.LockQueued(waiting.Ticket, PositionOf(state, waiting));
        }

        var upgrades = state.HoldOf(acquire.Owner) is not null;
        if (state.Admits(acquire.Owner, acquire.Mode) && (upgrades || state.Waits.Count == 0))
        {
            var granted = NewHold(acquire.Owner, acquire.Mode, acquire.TtlMs, acquire.Session, state, context);
            Store(WithHold(state, granted), context);
            return new CommandResult.LockGranted(granted);
        }

        return acquire.WaitMs <= 0 ? new CommandResult.LockHeld(state.Holds) : Enqueue(state, acquire, upgrades, context);
    }

    internal CommandResult Apply(LockRenew renew, in ApplyContext context)
    {
        var state = Get(renew.Name);
        if (state?.HoldOf(renew.Owner) is not { } hold || hold.Token != renew.Token)
        {
            return new CommandResult.LockStale(Newest(state));
        }

        var ttl = renew.TtlMs ?? hold.TtlMs;
        var renewed = hold with { TtlMs = ttl, ExpiresAt = Due(ttl, context) };
        Store(WithHold(state, renewed), context);
        return new CommandResult.LockRenewed(renewed);
    }

    internal CommandResult Apply(LockRelease release, in ApplyContext context)
    {
        var state = Get(release.Name);
        if (state?.HoldOf(release.Owner) is not { } hold || hold.Token != release.Token)
        {
            return new CommandResult.LockStale(Newest(state));
        }

        if (hold.Count > 1)
        {
            Store(WithHold(state, hold with { Count = hold.Count - 1 }), context);
            return new CommandResult.LockReleased(hold.Count - 1);
        }

        Store(GrantWaiting(WithoutHold(state, release.Owner), context), context);
        return new CommandResult.LockReleased(0);
    }

    internal CommandResult Apply(LockForceRelease force, in ApplyContext context)
    {
        if (Get(force.Name) is not { Holds.Count: > 0 } state)
        {
            return new CommandResult.LockNotFound();
        }

        Store(GrantWaiting(state with { Holds = [] }, context), context);
        context.Events.Add(new StateEvent.LockForced(force.Name, state.Holds.Count, context.Reason));
        return new CommandResult.LockForceReleased(state.Holds);
    }

    internal CommandResult Apply(LockCancelWait cancel, in ApplyContext context)
    {
        if (Get(cancel.Name) is { } state && state.WaitOf(cancel.Owner) is { } wait && wait.Ticket == cancel.Ticket)
        {
            EndWait(state, wait, new CommandResult.LockWaitCancelled(), context);
        }

        return new CommandResult.LockWaitCancelled();
    }

    private CommandResult Reenter(LockState state, LockHold hold, LockAcquire acquire, in ApplyContext context)
    {
        var due = Due(acquire.TtlMs, context);
        var expiresAt = hold.ExpiresAt is { } current && due is { } next ? (current > next ? current : next) : null as HlcTimestamp?;
        var again = hold with { Count = hold.Count + 1, ExpiresAt = expiresAt };
        Store(WithHold(state, again), context);
        return new CommandResult.LockGranted(again);
    }

    private CommandResult Enqueue(LockState state, LockAcquire acquire, bool upgrades, in ApplyContext context)
    {
        if (state.Waits.Count >= MaxWaiters)
        {
            return new CommandResult.LockQueueFull(MaxWaiters);
        }

        var wait = new LockWait(
            acquire.Owner, acquire.Mode, context.Index, context.Time, context.Time.AddMs(acquire.WaitMs), acquire.TtlMs, acquire.Session);

        // A holder that wants more goes first: everybody else waits for it anyway.
        var queued = state with { Waits = upgrades ? [wait, .. state.Waits] : [.. state.Waits, wait] };
        Store(queued, context);
        if (_graph.FindCycle(acquire.Owner) is { } cycle)
        {
            Store(state, context);
            return Refuse(acquire, cycle, context);
        }

        return new CommandResult.LockQueued(wait.Ticket, PositionOf(queued, wait));
    }

    private CommandResult.LockDeadlock Refuse(LockAcquire acquire, IReadOnlyList<CycleStep> cycle, in ApplyContext context)
    {
        var deadlock = new Deadlock(context.Index, context.Time, acquire.Owner, acquire.Name, cycle);
        _deadlocks.Set(context.Index, deadlock);
        if (_deadlocks.Count > KeptDeadlocks)
        {
            _deadlocks.Remove(_deadlocks.All().First().Key);
        }

        context.Events.Add(new StateEvent.DeadlockFound(deadlock));
        return new CommandResult.LockDeadlock(cycle);
    }

    /// <summary>Serves the queue from its front for as long as the front is compatible with the holders.</summary>
    private static LockState GrantWaiting(LockState state, in ApplyContext context)
    {
        while (state.Waits.Count > 0 && state.Waits[0] is var first && state.Admits(first.Owner, first.Mode))
        {
            var hold = NewHold(first.Owner, first.Mode, first.TtlMs, first.Session, state, context);
            state = WithHold(state with { Waits = [.. state.Waits.Skip(1)] }, hold);
            context.Events.Add(new StateEvent.LockWaitEnded(first.Ticket, new CommandResult.LockGranted(hold)));
        }

        return state;
    }

    private void EndWait(LockState state, LockWait wait, CommandResult result, in ApplyContext context)
    {
        context.Events.Add(new StateEvent.LockWaitEnded(wait.Ticket, result));
        Store(GrantWaiting(state with { Waits = [.. state.Waits.Where(other => other != wait)] }, context), context);
    }

    private static LockHold NewHold(string owner, LockMode mode, long? ttlMs, long? session, LockState state, in ApplyContext context)
    {
        // Two grants may fall into one entry, when an operator forces a lock that just expired: the token still grows.
        var token = mode == LockMode.Shared && state.Holds.Count > 0 && state.NewestToken >= context.Index
            ? state.NewestToken
            : Math.Max(context.Index, state.NewestToken + 1);
        var count = state.HoldOf(owner) is { } before ? before.Count + 1 : 1;
        return new LockHold(owner, mode, token, context.Time, Due(ttlMs, context), ttlMs, count, session);
    }

    private static LockState WithHold(LockState state, LockHold hold) => state with
    {
        Holds = [.. state.Holds.Where(other => other.Owner != hold.Owner), hold],
        NewestToken = Math.Max(state.NewestToken, hold.Token),
    };

    private static LockState WithoutHold(LockState state, string owner) =>
        state with { Holds = [.. state.Holds.Where(hold => hold.Owner != owner)] };

    private static HlcTimestamp? Due(long? ttlMs, in ApplyContext context) => ttlMs is { } ttl ? context.Time.AddMs(ttl) : null;

    private static int PositionOf(LockState state, LockWait wait) => state.Waits.TakeWhile(other => other != wait).Count() + 1;

    private static long? Newest(LockState? state) => state is { Holds.Count: > 0 } ? state.NewestToken : null;

    private IEnumerable<string> WaitingOn(string owner) =>
        _waiting.GetViewBetween((owner, ""), (owner + "\0", "")).Select(pair => pair.Lock);
}
