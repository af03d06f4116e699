using Quorate.Core.Clocks;

namespace Quorate.Core.StateMachine.Locks;

/// <summary>Granting: to who asks, and to who waits once the way is free.</summary>
public sealed partial class LockTable
{
    private IReadOnlyList<NamedHold> TakeAll(IReadOnlyList<LockPart> parts, Terms terms, in ApplyContext context)
    {
        var holds = new NamedHold[parts.Count];
        for (var i = 0; i < holds.Length; i++)
        {
            var (state, hold) = Take(StateFor(parts[i]), parts[i], terms, context);
            Put(state);
            Record(state.Name, LockTransitionKind.Granted, hold.Owner, hold.Mode, hold.Token, context);
            Changed(state.Name, context);
            holds[i] = new NamedHold(state.Name, hold);
        }

        return holds;
    }

    private (LockState State, LockHold Hold) Take(LockState state, LockPart part, Terms terms, in ApplyContext context)
    {
        var before = state.HoldOf(terms.Owner);
        var hold = before is not null && Covers(before, part)
            ? Again(before, terms.TtlMs, context)
            : NewHold(state, before, part, terms, context);
        return (WithHold(state, before, hold), hold);
    }

    private static LockHold Again(LockHold hold, long? ttlMs, in ApplyContext context)
    {
        var due = Due(ttlMs, context);
        var expiresAt = hold.ExpiresAt is { } current && due is { } next ? (current > next ? current : next) : null as HlcTimestamp?;
        return hold with { Count = hold.Count + 1, ExpiresAt = expiresAt };
    }

    private static LockHold NewHold(LockState state, LockHold? before, LockPart part, Terms terms, in ApplyContext context)
    {
        // Several grants may fall into one entry, as when an operator forces a lock that just expired: the token still grows.
        var token = part.Mode == LockMode.Shared && state.Holds.Count > 0 && state.NewestToken >= context.Index
            ? state.NewestToken
            : Math.Max(context.Index, state.NewestToken + 1);
        return new LockHold(
            terms.Owner, part.Mode, token, context.Time, Due(terms.TtlMs, context), terms.TtlMs, (before?.Count ?? 0) + 1, terms.Session, part.Take);
    }

    private static HlcTimestamp? Due(long? ttlMs, in ApplyContext context) => ttlMs is { } ttl ? context.Time.AddMs(ttl) : null;

    private static CommandResult Granted(IReadOnlyList<NamedHold> holds, bool together) =>
        together ? new CommandResult.LocksGranted(holds) : new CommandResult.LockGranted(holds[0].Hold);

    /// <summary>
    /// Serves the queue of a lock whose holds or waits became fewer. A request for several locks is served when it is in all of
    /// them; then the others' queues moved too.
    /// </summary>
    private void Serve(string name, in ApplyContext context)
    {
        Queue<string>? moved = null;
        while (true)
        {
            for (var i = 0; Get(name) is { } state && i < state.Waits.Count;)
            {
                var wait = state.Waits[i];
                if (state.Serves(wait) && PartsOf(wait, state) is { } parts)
                {
                    foreach (var other in Grant(wait, parts, context))
                    {
                        if (other != name)
                        {
                            (moved ??= []).Enqueue(other);
                        }
                    }
                }
                else if (wait.Mode != LockMode.Shared)
                {
                    // Nobody passes it.
                    break;
                }
                else
                {
                    i++;
                }
            }

            if (moved is null || !moved.TryDequeue(out name!))
            {
                return;
            }
        }
    }

    /// <summary>What a waiting request is to get, when it can have it now; null when another of its locks is not free.</summary>
    private IReadOnlyList<LockPart>? PartsOf(LockWait wait, LockState state)
    {
        if (!_together.TryGet(wait.Ticket, out var all))
        {
            return [new LockPart(state.Name, wait.Mode, state.Permits, wait.Permits)];
        }

        foreach (var part in all.Parts)
        {
            if (part.Name != state.Name && Get(part.Name) is var other && !other!.Serves(other.WaitOf(wait.Owner)!))
            {
                return null;
            }
        }

        return all.Parts;
    }

    private IEnumerable<string> Grant(LockWait wait, IReadOnlyList<LockPart> parts, in ApplyContext context)
    {
        var together = _together.Remove(wait.Ticket);
        foreach (var part in parts)
        {
            var state = Get(part.Name)!;
            Put(WithoutWait(state, state.WaitOf(wait.Owner)!));
        }

        var holds = TakeAll(parts, new Terms(wait.Owner, wait.TtlMs, wait.Session), context);
        context.Events.Add(new StateEvent.LockWaitEnded(wait.Ticket, Granted(holds, together)));
        return together ? parts.Select(part => part.Name) : [];
    }

    /// <summary>For whom a lock is taken, and for how long.</summary>
    private readonly record struct Terms(string Owner, long? TtlMs, long? Session);
}
