using Quorate.Core.Clocks;
using Quorate.Core.Collections;

namespace Quorate.Core.StateMachine.Locks;

/// <summary>
/// Putting locks into the tree, and the indexes beside it. They follow from the locks: each change of a hold or a wait changes
/// them by what it changes, and reading a snapshot builds them anew.
/// </summary>
public sealed partial class LockTable
{
    private readonly ExpiryIndex<(string Lock, string Owner, bool Waits)> _expiry = new(Comparer<(string, string, bool)>.Create(Compare));
    private readonly SortedSet<string> _idle = new(StringComparer.Ordinal);
    private readonly SortedSet<(string Owner, string Lock)> _waiting = new(Comparer<(string, string)>.Create(ComparePair));
    private readonly SortedSet<(long Session, string Lock, string Owner)> _bySession = new(Comparer<(long, string, string)>.Create(CompareBound));

    private IEnumerable<string> WaitingOn(string owner) =>
        _waiting.GetViewBetween((owner, ""), (owner + "\0", "")).Select(pair => pair.Lock);

    private LockState WithHold(LockState state, LockHold? before, LockHold hold)
    {
        if (before is not null)
        {
            Unindex(state.Name, before);
        }

        Index(state.Name, hold);
        return state with
        {
            Holds = before is null ? [.. state.Holds, hold] : [.. state.Holds.Where(other => other != before), hold],
            NewestToken = Math.Max(state.NewestToken, hold.Token),
        };
    }

    private LockState WithoutHold(LockState state, LockHold hold)
    {
        Unindex(state.Name, hold);
        return state with { Holds = state.Holds.Count == 1 ? [] : [.. state.Holds.Where(other => other != hold)] };
    }

    private LockState WithWait(LockState state, LockWait wait, bool first)
    {
        _expiry.Add(wait.Until, (state.Name, wait.Owner, true));
        _waiting.Add((wait.Owner, state.Name));
        Bind(wait.Session, state.Name, wait.Owner);
        return state with { Waits = first ? [wait, .. state.Waits] : [.. state.Waits, wait] };
    }

    private LockState WithLimit(LockState state, string owner, HlcTimestamp until)
    {
        var wait = state.WaitOf(owner)!;
        _expiry.Remove(wait.Until, (state.Name, owner, true));
        _expiry.Add(until, (state.Name, owner, true));
        return state with { Waits = [.. state.Waits.Select(other => other == wait ? wait with { Until = until } : other)] };
    }

    private LockState WithoutWait(LockState state, LockWait wait)
    {
        var left = state with { Waits = state.Waits.Count == 1 ? [] : [.. state.Waits.Where(other => other != wait)] };
        _expiry.Remove(wait.Until, (state.Name, wait.Owner, true));
        _waiting.Remove((wait.Owner, state.Name));
        Unbind(wait.Session, left, wait.Owner);
        return left;
    }

    private void Put(LockState state) => _locks.Set(state.Name, state);

    private void PutBack(string name, LockState? state)
    {
        if (state is null or { IsIdle: true, NewestToken: 0 })
        {
            _locks.Remove(name);
        }
        else
        {
            _locks.Set(name, state);
        }
    }

    /// <summary>Closes a change. An idle lock is forgotten as soon as the log is past its newest token.</summary>
    private void Changed(string name, in ApplyContext context)
    {
        if (Get(name) is { IsIdle: true } state)
        {
            if (state.NewestToken < context.Index)
            {
                _locks.Remove(name);
            }
            else
            {
                _idle.Add(name);
            }
        }

        context.Events.Add(new StateEvent.LockChanged(name));
    }

    /// <summary>Forgets the locks that were kept only for their token, so that an entry in which one was granted cannot grant it again.</summary>
    private void ForgetIdle(in ApplyContext context)
    {
        if (_idle.Count == 0)
        {
            return;
        }

        foreach (var name in _idle.ToList())
        {
            var state = Get(name);
            if (state is { IsIdle: true } && state.NewestToken < context.Index)
            {
                _locks.Remove(name);
            }

            if (state is not { IsIdle: true } || state.NewestToken < context.Index)
            {
                _idle.Remove(name);
            }
        }
    }

    private void Record(string name, LockTransitionKind kind, string owner, LockMode mode, long token, in ApplyContext context) =>
        _recorder.Add(name, kind, owner, mode, token, context);

    /// <summary>Only where there is something to add to: stale tokens for names that nobody uses must not push out what others need.</summary>
    private void RecordStale(string name, string owner, long token, in ApplyContext context)
    {
        if (_recorder.Get(name) is not null)
        {
            Record(name, LockTransitionKind.StaleToken, owner, Get(name)?.Holds is [var hold, ..] ? hold.Mode : LockMode.Exclusive, token, context);
            Changed(name, context);
        }
    }

    private void IndexAll(LockState state)
    {
        if (state.IsIdle)
        {
            _idle.Add(state.Name);
        }

        foreach (var hold in state.Holds)
        {
            Index(state.Name, hold);
        }

        foreach (var wait in state.Waits)
        {
            WithWait(LockState.Free(state.Name), wait, first: false);
        }
    }

    private void Index(string name, LockHold hold)
    {
        _expiry.Add(hold.ExpiresAt, (name, hold.Owner, false));
        Bind(hold.Session, name, hold.Owner);
    }

    private void Unindex(string name, LockHold hold)
    {
        _expiry.Remove(hold.ExpiresAt, (name, hold.Owner, false));
        if (hold.Session is { } id && Get(name)?.WaitOf(hold.Owner)?.Session != id)
        {
            _bySession.Remove((id, name, hold.Owner));
        }
    }

    private void Bind(long? session, string name, string owner)
    {
        if (session is { } id)
        {
            _bySession.Add((id, name, owner));
        }
    }

    private void Unbind(long? session, LockState left, string owner)
    {
        if (session is { } id && left.HoldOf(owner)?.Session != id)
        {
            _bySession.Remove((id, left.Name, owner));
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
