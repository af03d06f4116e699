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
        var granted = new HashSet<(string, string, long)>();
        Judge(
            (replica, _, _) =>
            {
                foreach (var state in replica.State.Locks.Range(""))
                {
                    foreach (var hold in state.Holds.Where(hold => granted.Add((state.Name, hold.Owner, hold.Token))))
                    {
                        var before = newest.GetValueOrDefault(state.Name);
                        Assert.True(hold.Mode == LockMode.Exclusive ? hold.Token > before : hold.Token >= before, $"{state.Name}: {hold.Token} after {before}");
                        newest[state.Name] = hold.Token;
                    }
                }
            },
            begin: () =>
            {
                newest.Clear();
                granted.Clear();
            });
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
    public void Locks_AnyWorkload_RefuseExactlyTheRequestsThatCloseACycle() => Judge((replica, _, result) =>
    {
        var edges = Edges(replica.State.Locks).ToHashSet();
        Assert.False(HasCycle(edges), "a deadlock was not noticed");
        if (result is CommandResult.LockDeadlock { Cycle: var cycle })
        {
            Assert.Equal(cycle.Select(step => step.HeldBy), cycle.Skip(1).Append(cycle[0]).Select(step => step.Owner));
            Assert.Subset(edges, cycle.Skip(1).Select(step => (step.Owner, step.Lock, step.HeldBy)).ToHashSet());

            // The request itself is gone; what it would have waited for is not.
            var wanted = replica.State.Locks.Get(cycle[0].Lock)!;
            Assert.True(wanted.HoldOf(cycle[0].HeldBy) is not null || wanted.WaitOf(cycle[0].HeldBy) is not null);
        }
    });

    [Fact]
    public void Locks_TheWorkloads_ReachWhatTheyAreFor()
    {
        var kinds = new HashSet<Type>();
        Judge((_, _, result) => kinds.Add(result.GetType()));
        Assert.Superset(
            new HashSet<Type>
            {
                typeof(CommandResult.LockGranted), typeof(CommandResult.LockQueued), typeof(CommandResult.LockHeld),
                typeof(CommandResult.LockDeadlock), typeof(CommandResult.LockStale), typeof(CommandResult.LockForceReleased),
            },
            kinds);
    }

    private static void Judge(Action<Replica, Dictionary<string, LockState>, CommandResult> judge, Action? begin = null) =>
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

    /// <summary>Who waits for whom, the slow and plain way: for conflicting holders, and for conflicting requests further ahead.</summary>
    private static IEnumerable<(string Owner, string Lock, string HeldBy)> Edges(LockTable locks)
    {
        static bool Conflict(LockMode a, LockMode b) => a != LockMode.Shared || b != LockMode.Shared;
        foreach (var state in locks.Range(""))
        {
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
