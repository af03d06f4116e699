using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Locks;

namespace Quorate.Core.Tests.StateMachine;

/// <summary>What must hold of locks whatever is asked of them, judged from the locks as anybody can read them.</summary>
public sealed class LockProperties
{
    [Fact]
    public void Locks_AnyWorkload_ExcludeAndServeTheFrontOfTheQueue() => Judge((replica, _, _) =>
    {
        foreach (var state in replica.State.Locks.Range(""))
        {
            Assert.True(state.Holds.Count <= 1 || state.Holds.All(hold => hold.Mode == LockMode.Shared), $"{state.Name} is not exclusive");
            Assert.Equal(state.Holds.Count, state.Holds.Select(hold => hold.Owner).Distinct().Count());
            Assert.Equal(state.Waits.Count, state.Waits.Select(wait => wait.Owner).Distinct().Count());
            Assert.False(state.Waits.Count > 0 && state.Admits(state.Waits[0].Owner, state.Waits[0].Mode), $"{state.Name} keeps its front waiting");
        }
    });

    [Fact]
    public void Locks_AnyWorkload_NothingOutlivesItsTime() => Judge((replica, _, _) =>
    {
        foreach (var state in replica.State.Locks.Range(""))
        {
            Assert.All(state.Holds, hold => Assert.True(hold.ExpiresAt is not { } due || due > replica.State.Time));
            Assert.All(state.Waits, wait => Assert.True(wait.Until > replica.State.Time));
            Assert.All(state.Holds, hold => Assert.True(hold.Session is not { } id || replica.State.Sessions.Get(id) is not null));
            Assert.All(state.Waits, wait => Assert.True(wait.Session is not { } id || replica.State.Sessions.Get(id) is not null));
        }
    });

    [Fact]
    public void Locks_AnyWorkload_TokensOfExclusiveGrantsStrictlyIncrease()
    {
        var newest = new Dictionary<string, long>();
        Judge(
            (replica, before, taken) =>
            {
                var waiting = before.Values.SelectMany(state => state.Waits, (state, wait) => (wait.Ticket, state.Name)).ToDictionary();
                var grants = replica.Events.OfType<StateEvent.LockWaitEnded>()
                    .Where(ended => waiting.ContainsKey(ended.Ticket))
                    .Select(ended => (Name: waiting[ended.Ticket], ended.Result));
                if (taken.Command is LockAcquire acquire)
                {
                    grants = grants.Append((acquire.Name, taken.Result));
                }

                foreach (var (name, result) in grants)
                {
                    // An answer repeated for a retry is no new grant.
                    if (result is CommandResult.LockGranted { Hold: { Count: 1 } hold } && hold.AcquiredAt == replica.State.Time)
                    {
                        var last = newest.GetValueOrDefault(name);
                        Assert.True(hold.Mode == LockMode.Exclusive ? hold.Token > last : hold.Token >= last, $"{name}: {hold.Token} after {last}");
                        newest[name] = hold.Token;
                    }
                }
            },
            begin: newest.Clear);
    }

    [Fact]
    public void Lock_ForcedInTheEntryThatExpiresIt_TokensStillGrow()
    {
        var replica = new Replica();
        replica.Apply(new LockAcquire("lock", "first", LockMode.Exclusive, 10, 0, null));
        replica.Apply(new LockAcquire("lock", "second", LockMode.Exclusive, 1000, 1000, null));
        replica.Apply(new LockAcquire("lock", "third", LockMode.Exclusive, 1000, 1000, null));
        replica.Advance(11);
        var forced = Assert.IsType<CommandResult.LockForceReleased>(replica.Apply(new LockForceRelease("lock")));
        var (second, third) = (Assert.Single(forced.Released), Assert.Single(replica.State.Locks.Get("lock")!.Holds));
        Assert.Equal(("second", "third"), (second.Owner, third.Owner));
        Assert.True(third.Token > second.Token);
    }

    [Fact]
    public void Locks_AnyWorkload_AreServedInOrder() => Judge((replica, before, _) =>
    {
        foreach (var (name, old) in before)
        {
            var now = replica.State.Locks.Get(name) ?? LockState.Free(name);
            var left = old.Waits.Where(wait => now.Waits.Contains(wait)).ToList();
            Assert.Equal(left, now.Waits.Where(old.Waits.Contains));

            // Nobody who waited was passed by somebody behind.
            var served = old.Waits.Where(wait => !now.Waits.Contains(wait) && now.HoldOf(wait.Owner) is { } hold && hold.AcquiredAt == replica.State.Time);
            Assert.All(served, wait => Assert.DoesNotContain(old.Waits.TakeWhile(other => other != wait), left.Contains));
        }
    });

    [Fact]
    public void Locks_AnyWorkload_RefuseExactlyTheRequestsThatCloseACycle() => Judge((replica, _, taken) =>
    {
        var locks = replica.State.Locks.Range("").ToList();
        Assert.False(HasCycle([.. locks.SelectMany(Edges)]), "a deadlock was not noticed");
        if (taken is { Command: LockAcquire request, Result: CommandResult.LockDeadlock { Cycle: var cycle } })
        {
            // Every step of the cycle would be an edge, had the request been queued; and each leads to the next.
            var queued = locks.Select(state => state.Name == request.Name ? Queued(state, request) : state);
            var edges = queued.SelectMany(Edges).ToHashSet();
            Assert.All(cycle, step => Assert.Contains((step.Owner, step.Lock, step.HeldBy), edges));
            Assert.Equal(cycle.Select(step => step.HeldBy), cycle.Skip(1).Append(cycle[0]).Select(step => step.Owner));
            Assert.Equal(request.Owner, cycle[0].Owner);
        }
    });

    [Fact]
    public void Locks_TheWorkloads_ReachWhatTheyAreFor()
    {
        var kinds = new HashSet<Type>();
        Judge((_, _, taken) => kinds.Add(taken.Result.GetType()));
        Assert.Superset(
            new HashSet<Type>
            {
                typeof(CommandResult.LockGranted), typeof(CommandResult.LockQueued), typeof(CommandResult.LockHeld),
                typeof(CommandResult.LockDeadlock), typeof(CommandResult.LockStale), typeof(CommandResult.LockForceReleased),
            },
            kinds);
    }

    private static void Judge(Action<Replica, Dictionary<string, LockState>, (Command? Command, CommandResult Result)> judge, Action? begin = null) =>
        Properties.Hold(Scripts.Locks, script =>
        {
            begin?.Invoke();
            var replica = new Replica();
            foreach (var step in script)
            {
                var before = replica.State.Locks.Range("").ToDictionary(state => state.Name);
                judge(replica, before, Scripts.Play(replica, step));
            }
        }, times: 150);

    private static LockState Queued(LockState state, LockAcquire request)
    {
        var wait = new LockWait(request.Owner, request.Mode, long.MaxValue, default, default, null, null);
        return state with { Waits = state.HoldOf(request.Owner) is null ? [.. state.Waits, wait] : [wait, .. state.Waits] };
    }

    /// <summary>Who waits for whom, the plain way: for conflicting holders, and for conflicting requests further ahead.</summary>
    private static IEnumerable<(string Owner, string Lock, string HeldBy)> Edges(LockState state)
    {
        static bool Conflict(LockMode a, LockMode b) => a != LockMode.Shared || b != LockMode.Shared;
        for (var i = 0; i < state.Waits.Count; i++)
        {
            var wait = state.Waits[i];
            var holders = state.Holds.Where(hold => Conflict(wait.Mode, hold.Mode)).Select(hold => hold.Owner);
            var ahead = state.Waits.Take(i).Where(other => Conflict(wait.Mode, other.Mode)).Select(other => other.Owner);
            foreach (var other in holders.Concat(ahead).Where(other => other != wait.Owner))
            {
                yield return (wait.Owner, state.Name, other);
            }
        }
    }

    /// <summary>Takes away owners that wait for nobody until none is left, or only a cycle and what leads to it.</summary>
    private static bool HasCycle(HashSet<(string Owner, string Lock, string HeldBy)> edges)
    {
        var left = edges.ToHashSet();
        while (left.RemoveWhere(edge => !left.Any(next => next.Owner == edge.HeldBy)) > 0)
        {
        }

        return left.Count > 0;
    }
}
