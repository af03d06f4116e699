using Quorate.Core.Clocks;

namespace Quorate.Core.StateMachine.Locks;

/// <summary>Asking for locks: granted at once, queued, or refused. A request for one lock is a request for several, of which there is one.</summary>
public sealed partial class LockTable
{
    internal CommandResult Apply(LockAcquire acquire, in ApplyContext context) => Acquire(
        acquire,
        [new LockPart(acquire.Name, acquire.Mode, acquire.Permits, acquire.Take)],
        new Terms(acquire.Owner, acquire.TtlMs, acquire.Session),
        together: false,
        context);

    internal CommandResult Apply(LockAcquireAll acquire, in ApplyContext context) =>
        Acquire(acquire, acquire.Parts, new Terms(acquire.Owner, acquire.TtlMs, acquire.Session), together: true, context);

    private CommandResult Acquire(ILockRequest request, IReadOnlyList<LockPart> parts, Terms terms, bool together, in ApplyContext context)
    {
        foreach (var part in parts)
        {
            if (Get(part.Name) is { IsIdle: false } state && state.Permits != part.Permits)
            {
                return new CommandResult.LockPermitsDiffer(part.Name, state.Permits);
            }
        }

        if (AlreadyWaits(request, parts, terms, together, alsoWhereHeld: false, context) is { } answered)
        {
            return answered;
        }

        if (CanTakeAll(parts, terms.Owner))
        {
            return TakeAtOnce(parts, terms, together, context);
        }

        if (AlreadyWaits(request, parts, terms, together, alsoWhereHeld: true, context) is { } refused)
        {
            return refused;
        }

        return request.WaitMs <= 0 ? Refuse(parts, terms, together, context) : Enqueue(request, parts, terms, together, context);
    }

    /// <summary>The answer to an owner that waits for one of the locks already; null when it does not.</summary>
    /// <param name="alsoWhereHeld">Whether a lock counts that it holds as it wants it: it may have that again, but not wait for it twice.</param>
    private CommandResult? AlreadyWaits(
        ILockRequest request, IReadOnlyList<LockPart> parts, Terms terms, bool together, bool alsoWhereHeld, in ApplyContext context)
    {
        foreach (var part in parts)
        {
            if (Get(part.Name) is { } state && state.WaitOf(terms.Owner) is { } waiting
                && (alsoWhereHeld || state.HoldOf(terms.Owner) is not { } hold || !Covers(hold, part)))
            {
                if (!IsRepeated(waiting, parts, terms, together))
                {
                    return new CommandResult.LockWaitsAlready(part.Name);
                }

                return request.WaitMs <= 0
                    ? Refuse(parts, terms, together, context)
                    : JoinWait(waiting, parts, context.Time.AddMs(request.WaitMs), context);
            }
        }

        return null;
    }

    /// <summary>Two requests wait as one from here on, until the later of their limits: whoever has the earlier one keeps to it by itself.</summary>
    private CommandResult.LockQueued JoinWait(LockWait waiting, IReadOnlyList<LockPart> parts, HlcTimestamp until, in ApplyContext context)
    {
        if (until > waiting.Until)
        {
            foreach (var part in parts)
            {
                Put(WithLimit(Get(part.Name)!, waiting.Owner, until));
                Changed(part.Name, context);
            }
        }

        return new CommandResult.LockQueued(waiting.Ticket, PositionOf(waiting, parts));
    }

    private bool CanTakeAll(IReadOnlyList<LockPart> parts, string owner)
    {
        foreach (var part in parts)
        {
            if (!CanTake(StateFor(part), owner, part))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>An owner that holds the lock already passes the queue: everybody in it waits for that owner anyway.</summary>
    private static bool CanTake(LockState state, string owner, LockPart part)
    {
        var hold = state.HoldOf(owner);
        if (hold is not null && Covers(hold, part))
        {
            return true;
        }

        if (!state.Admits(owner, part.Mode, part.Take))
        {
            return false;
        }

        if (hold is null)
        {
            foreach (var wait in state.Waits)
            {
                if (LockState.Conflict(wait.Mode, part.Mode))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private CommandResult TakeAtOnce(IReadOnlyList<LockPart> parts, Terms terms, bool together, in ApplyContext context)
    {
        // More for an owner that waits elsewhere can keep somebody waiting for it for ever: then it gets nothing.
        if (TakesWhileBothWait(parts, terms.Owner) && Tried(parts, terms, context) is { } cycle)
        {
            return Deadlocked(parts, terms.Owner, cycle, context);
        }

        var holds = TakeAll(parts, terms, context);
        return Granted(holds, together);
    }

    /// <summary>Whether others wait for one of the locks, and the owner itself for something: only then can a grant lock anybody up.</summary>
    private bool TakesWhileBothWait(IReadOnlyList<LockPart> parts, string owner)
    {
        foreach (var part in parts)
        {
            if (Get(part.Name) is { Waits.Count: > 0 } && WaitingOn(owner).Any())
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The cycle that there would be after the grant; nothing stays changed.</summary>
    private IReadOnlyList<CycleStep>? Tried(IReadOnlyList<LockPart> parts, Terms terms, in ApplyContext context)
    {
        var before = parts.Select(part => (part.Name, State: Get(part.Name))).ToList();
        foreach (var part in parts)
        {
            var (state, _) = Take(StateFor(part), part, terms, context);
            Put(state);
        }

        var cycle = _graph.FindCycle(terms.Owner);
        foreach (var (name, state) in before)
        {
            if (Get(name) is { } tried)
            {
                Unindex(name, tried.HoldOf(terms.Owner)!);
            }

            if (state?.HoldOf(terms.Owner) is { } held)
            {
                Index(name, held);
            }

            PutBack(name, state);
        }

        return cycle;
    }

    private CommandResult Enqueue(ILockRequest request, IReadOnlyList<LockPart> parts, Terms terms, bool together, in ApplyContext context)
    {
        foreach (var part in parts)
        {
            if (Get(part.Name) is { Waits.Count: >= MaxWaiters })
            {
                return Refuse(part, terms.Owner, new CommandResult.LockQueueFull(MaxWaiters), context);
            }
        }

        var until = context.Time.AddMs(request.WaitMs);
        foreach (var part in parts)
        {
            // A holder that wants more goes first: everybody else waits for it anyway.
            var state = StateFor(part);
            var wait = new LockWait(terms.Owner, part.Mode, context.Index, context.Time, until, terms.TtlMs, terms.Session, part.Take);
            Put(WithWait(state, wait, first: state.HoldOf(terms.Owner) is not null));
        }

        if (_graph.FindCycle(terms.Owner) is { } cycle)
        {
            foreach (var part in parts)
            {
                var state = Get(part.Name)!;
                PutBack(part.Name, WithoutWait(state, state.WaitOf(terms.Owner)!));
            }

            return Deadlocked(parts, terms.Owner, cycle, context);
        }

        if (together)
        {
            _together.Set(context.Index, new LockWaitAll(context.Index, terms.Owner, parts));
        }

        foreach (var part in parts)
        {
            Record(part.Name, LockTransitionKind.Waiting, terms.Owner, part.Mode, 0, context);
            Changed(part.Name, context);
        }

        return new CommandResult.LockQueued(context.Index, PositionOf(Get(parts[0].Name)!.WaitOf(terms.Owner)!, parts));
    }

    private CommandResult.LockDeadlock Deadlocked(
        IReadOnlyList<LockPart> parts, string owner, IReadOnlyList<CycleStep> cycle, in ApplyContext context)
    {
        // The owner may wait for other locks as well: the cycle need not begin with one of these.
        var wanted = cycle.Select(step => parts.FirstOrDefault(part => part.Name == step.Lock)).FirstOrDefault(part => part is not null) ?? parts[0];
        var deadlock = new Deadlock(context.Index, context.Time, owner, wanted.Name, cycle);
        _deadlocks.Set(context.Index, deadlock);
        if (_deadlocks.Count > KeptDeadlocks)
        {
            _deadlocks.Remove(_deadlocks.All().First().Key);
        }

        Record(wanted.Name, LockTransitionKind.Deadlocked, owner, wanted.Mode, 0, context);
        Changed(wanted.Name, context);
        context.Events.Add(new StateEvent.DeadlockFound(deadlock));
        return new CommandResult.LockDeadlock(cycle);
    }

    private CommandResult Refuse(IReadOnlyList<LockPart> parts, Terms terms, bool together, in ApplyContext context)
    {
        var held = new List<HeldLock>();
        CommandResult result = new CommandResult.LocksHeld(held);
        foreach (var part in parts)
        {
            var state = StateFor(part);
            if (!CanTake(state, terms.Owner, part))
            {
                held.Add(new HeldLock(part.Name, state.Holds));
                result = together ? result : new CommandResult.LockHeld(state.Holds);
                Refuse(part, terms.Owner, result, context);
            }
        }

        return result;
    }

    private CommandResult Refuse(LockPart part, string owner, CommandResult result, in ApplyContext context)
    {
        Record(part.Name, LockTransitionKind.Refused, owner, part.Mode, 0, context);
        Changed(part.Name, context);
        return result;
    }

    /// <summary>The same owner asks again for what it waits for, perhaps in a retry that does not say so.</summary>
    private bool IsRepeated(LockWait waiting, IReadOnlyList<LockPart> parts, Terms terms, bool together)
    {
        if (waiting.TtlMs != terms.TtlMs || waiting.Session != terms.Session)
        {
            return false;
        }

        return _together.TryGet(waiting.Ticket, out var all)
            ? together && all.Parts.SequenceEqual(parts)
            : !together && waiting.Mode == parts[0].Mode && waiting.Permits == parts[0].Take;
    }

    /// <summary>Place in the queue; the last one when it waits in several.</summary>
    private int PositionOf(LockWait waiting, IReadOnlyList<LockPart> parts)
    {
        var position = 1;
        foreach (var part in parts)
        {
            var ahead = Get(part.Name)!.Waits.TakeWhile(wait => wait.Ticket != waiting.Ticket).Count();
            position = Math.Max(position, ahead + 1);
        }

        return position;
    }

    /// <summary>The lock as the part would find it: what nobody uses takes the size that is asked for.</summary>
    private LockState StateFor(LockPart part)
    {
        var state = Get(part.Name) ?? LockState.Free(part.Name);
        return state.Permits == part.Permits ? state : state with { Permits = part.Permits };
    }

    private static bool Covers(LockHold hold, LockPart part) =>
        hold.Mode == LockMode.Exclusive || (hold.Mode == part.Mode && hold.Permits >= part.Take);
}
