namespace Quorate.Core.StateMachine.Locks;

/// <summary>How holds and waits go on and end: renewed, released, forced, withdrawn, expired, or with their session.</summary>
public sealed partial class LockTable
{
    internal CommandResult Apply(LockRenew renew, in ApplyContext context)
    {
        if (Held(renew.Name, renew.Owner, renew.Token) is not var (state, hold))
        {
            return Stale(renew.Name, renew.Owner, renew.Token, context);
        }

        var ttl = renew.TtlMs ?? hold.TtlMs;
        var renewed = hold with { TtlMs = ttl, ExpiresAt = Due(ttl, context) };
        Put(WithHold(state, hold, renewed));
        Record(renew.Name, LockTransitionKind.Renewed, hold.Owner, hold.Mode, hold.Token, context);
        Changed(renew.Name, context);
        return new CommandResult.LockRenewed(renewed);
    }

    internal CommandResult Apply(LockRelease release, in ApplyContext context)
    {
        if (Held(release.Name, release.Owner, release.Token) is not var (state, hold))
        {
            return Stale(release.Name, release.Owner, release.Token, context);
        }

        if (hold.Count > 1)
        {
            Put(WithHold(state, hold, hold with { Count = hold.Count - 1 }));
            Record(release.Name, LockTransitionKind.Released, hold.Owner, hold.Mode, hold.Token, context);
            Changed(release.Name, context);
            return new CommandResult.LockReleased(hold.Count - 1);
        }

        EndHold(state, hold, LockTransitionKind.Released, context);
        return new CommandResult.LockReleased(0);
    }

    internal CommandResult Apply(LockForceRelease force, in ApplyContext context)
    {
        if (Get(force.Name) is not { Holds.Count: > 0 } state)
        {
            return new CommandResult.LockNotFound();
        }

        var without = state;
        foreach (var hold in state.Holds)
        {
            without = WithoutHold(without, hold);
            Record(force.Name, LockTransitionKind.Forced, hold.Owner, hold.Mode, hold.Token, context);
        }

        Put(without);
        Serve(force.Name, context);
        Changed(force.Name, context);
        context.Events.Add(new StateEvent.LockForced(force.Name, state.Holds.Count, context.Reason));
        return new CommandResult.LockForceReleased(state.Holds);
    }

    internal CommandResult Apply(LockCancelWait cancel, in ApplyContext context)
    {
        if (Get(cancel.Name)?.WaitOf(cancel.Owner) is { } wait && wait.Ticket == cancel.Ticket)
        {
            EndWait(cancel.Name, wait, new CommandResult.LockWaitCancelled(), LockTransitionKind.Withdrawn, context);
        }

        return new CommandResult.LockWaitCancelled();
    }

    /// <summary>What a write is answered whose fence does not hold; null when the lock is held with the token.</summary>
    internal CommandResult.FenceStale? Check(Fence fence, in ApplyContext context)
    {
        var state = Get(fence.Lock);
        foreach (var hold in state?.Holds ?? [])
        {
            if (hold.Token == fence.Token)
            {
                return null;
            }
        }

        RecordStale(fence.Lock, "", fence.Token, context);
        return new CommandResult.FenceStale(fence.Lock, fence.Token, Newest(state));
    }

    internal void ExpireDue(in ApplyContext context)
    {
        ForgetIdle(context);
        while (_expiry.TryTakeDue(context.Time, out var due))
        {
            var state = Get(due.Lock)!;
            if (due.Waits)
            {
                var wait = state.WaitOf(due.Owner)!;
                EndWait(due.Lock, wait, NotGranted(wait, state), LockTransitionKind.GaveUp, context);
            }
            else
            {
                EndHold(state, state.HoldOf(due.Owner)!, LockTransitionKind.Expired, context);
            }
        }
    }

    /// <summary>Releases what a session held and ends what it waited for.</summary>
    internal void EndSession(long session, in ApplyContext context)
    {
        var bound = _bySession.GetViewBetween((session, "", ""), (session + 1, "", "")).ToList();
        foreach (var (_, name, owner) in bound)
        {
            if (Get(name)?.WaitOf(owner) is { } wait && wait.Session == session)
            {
                EndWait(name, wait, new CommandResult.SessionUnknown(session), LockTransitionKind.SessionEnded, context);
            }

            if (Get(name) is { } state && state.HoldOf(owner) is { } hold && hold.Session == session)
            {
                EndHold(state, hold, LockTransitionKind.SessionEnded, context);
            }
        }
    }

    private void EndHold(LockState state, LockHold hold, LockTransitionKind kind, in ApplyContext context)
    {
        Record(state.Name, kind, hold.Owner, hold.Mode, hold.Token, context);
        Put(WithoutHold(state, hold));
        Serve(state.Name, context);
        Changed(state.Name, context);
    }

    private void EndWait(string name, LockWait wait, CommandResult result, LockTransitionKind kind, in ApplyContext context)
    {
        var names = _together.TryGet(wait.Ticket, out var all) ? all.Parts.Select(part => part.Name) : [name];
        _together.Remove(wait.Ticket);
        context.Events.Add(new StateEvent.LockWaitEnded(wait.Ticket, result));
        foreach (var each in names)
        {
            var state = Get(each)!;
            Record(each, kind, wait.Owner, wait.Mode, 0, context);
            Put(WithoutWait(state, state.WaitOf(wait.Owner)!));
        }

        foreach (var each in names)
        {
            Serve(each, context);
            Changed(each, context);
        }
    }

    /// <summary>Who was in the way of a request whose time is over.</summary>
    private CommandResult NotGranted(LockWait wait, LockState state)
    {
        if (!_together.TryGet(wait.Ticket, out var all))
        {
            return new CommandResult.LockHeld(state.Holds);
        }

        var blocked = all.Parts
            .Select(part => Get(part.Name)!)
            .Where(each => !each.Serves(each.WaitOf(wait.Owner)!))
            .Select(each => new HeldLock(each.Name, each.Holds));
        return new CommandResult.LocksHeld([.. blocked]);
    }

    /// <summary>What renewing or releasing would be refused with; null when the owner holds the lock with the token.</summary>
    internal CommandResult.LockStale? Refusal(string name, string owner, long token) =>
        Held(name, owner, token) is null ? new CommandResult.LockStale(Newest(Get(name))) : null;

    private (LockState State, LockHold Hold)? Held(string name, string owner, long token) =>
        Get(name) is { } state && state.HoldOf(owner) is { } hold && hold.Token == token ? (state, hold) : null;

    private CommandResult.LockStale Stale(string name, string owner, long token, in ApplyContext context)
    {
        RecordStale(name, owner, token, context);
        return new CommandResult.LockStale(Newest(Get(name)));
    }

    private static long? Newest(LockState? state) => state is { Holds.Count: > 0 } ? state.NewestToken : null;
}
