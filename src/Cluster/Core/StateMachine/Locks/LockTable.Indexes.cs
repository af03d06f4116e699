using Quorate.Core.Clocks;

namespace Quorate.Core.StateMachine.Locks;

/// <summary>The indexes beside the locks, kept in step by <see cref="Store"/>, and what they are for: expiry and the end of sessions.</summary>
public sealed partial class LockTable
{
    internal void ExpireDue(in ApplyContext context)
    {
        while (_expiry.TryTakeDue(context.Time, out var due))
        {
            var state = Get(due.Lock)!;
            if (due.Waits)
            {
                EndWait(state, state.WaitOf(due.Owner)!, new CommandResult.LockHeld(state.Holds), context);
            }
            else
            {
                Store(GrantWaiting(WithoutHold(state, due.Owner), context), context);
            }
        }
    }

    /// <summary>Releases what a session held and ends what it waited for.</summary>
    internal void EndSession(long session, in ApplyContext context)
    {
        var bound = _bySession.GetViewBetween((session, "", ""), (session + 1, "", "")).ToList();
        foreach (var (_, name, owner) in bound)
        {
            if (Get(name) is not { } state)
            {
                continue;
            }

            if (state.WaitOf(owner) is { } wait && wait.Session == session)
            {
                EndWait(state, wait, new CommandResult.SessionUnknown(session), context);
                state = Get(name) ?? LockState.Free(name);
            }

            if (state.HoldOf(owner)?.Session == session)
            {
                Store(GrantWaiting(WithoutHold(state, owner), context), context);
            }
        }
    }

    internal void Restore(LockState state)
    {
        _locks.Set(state.Name, state);
        Index(state, add: true);
    }

    internal void Restore(Deadlock deadlock) => _deadlocks.Set(deadlock.Index, deadlock);

    private void Store(LockState state, in ApplyContext context)
    {
        if (Get(state.Name) is { } previous)
        {
            Index(previous, add: false);
        }

        // An idle lock is forgotten, unless a token ahead of the log must be remembered a moment longer.
        if (state.IsIdle && state.NewestToken <= context.Index)
        {
            _locks.Remove(state.Name);
        }
        else
        {
            _locks.Set(state.Name, state);
            Index(state, add: true);
        }

        context.Events.Add(new StateEvent.LockChanged(state.Name));
    }

    private void Index(LockState state, bool add)
    {
        foreach (var hold in state.Holds)
        {
            Set(hold.ExpiresAt, (state.Name, hold.Owner, false), add);
            Bind(hold.Session, state.Name, hold.Owner, add);
        }

        foreach (var wait in state.Waits)
        {
            Set(wait.Until, (state.Name, wait.Owner, true), add);
            Bind(wait.Session, state.Name, wait.Owner, add);
            if (add)
            {
                _waiting.Add((wait.Owner, state.Name));
            }
            else
            {
                _waiting.Remove((wait.Owner, state.Name));
            }
        }
    }

    private void Set(HlcTimestamp? due, (string Lock, string Owner, bool Waits) key, bool add)
    {
        if (add)
        {
            _expiry.Add(due, key);
        }
        else
        {
            _expiry.Remove(due, key);
        }
    }

    private void Bind(long? session, string name, string owner, bool add)
    {
        if (session is not { } id)
        {
            return;
        }

        if (add)
        {
            _bySession.Add((id, name, owner));
        }
        else
        {
            _bySession.Remove((id, name, owner));
        }
    }

    private static int Compare((string Lock, string Owner, bool Waits) a, (string Lock, string Owner, bool Waits) b)
    {
        var byPair = ComparePair((a.Lock, a.Owner), (b.Lock, b.Owner));
        return byPair != 0 ? byPair : a.Waits.CompareTo(b.Waits);
    }

    private static int CompareBound((long Session, string Lock, string Owner) a, (long Session, string Lock, string Owner) b)
    {
        var bySession = a.Session.CompareTo(b.Session);
        return bySession != 0 ? bySession : ComparePair((a.Lock, a.Owner), (b.Lock, b.Owner));
    }

    private static int ComparePair((string, string) a, (string, string) b)
    {
        var byFirst = string.CompareOrdinal(a.Item1, b.Item1);
        return byFirst != 0 ? byFirst : string.CompareOrdinal(a.Item2, b.Item2);
    }
}
