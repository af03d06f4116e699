using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Locks;

namespace Quorate.Core.Tests.StateMachine;

/// <summary>What must hold of locks whatever is asked of them, judged from the locks as anybody can read them.</summary>
public sealed class LockProperties
{
    [Fact]
    public void LocksTogether_AnyWorkload_AreHeldAllOrNoneAndWaitedForInAll()
    {
        var asked = new Dictionary<long, (IReadOnlyList<LockPart> Parts, string Owner)>();
        Judge(
            (replica, _, taken) =>
            {
                var locks = replica.State.Locks;
                if (taken is { Command: LockAcquireAll all, Result: CommandResult.LockQueued queued })
                {
                    asked.TryAdd(queued.Ticket, (all.Parts, all.Owner));
                }

                foreach (var (ticket, (parts, owner)) in asked)
                {
                    var waiting = parts.Count(part => locks.Get(part.Name)?.WaitOf(owner)?.Ticket == ticket);
                    Assert.True(waiting == 0 || waiting == parts.Count, $"{owner} waits for {waiting} of {parts.Count} locks");
                }

                // What goes to a session that ends in the same entry ends with it.
                var ended = replica.Events.OfType<StateEvent.SessionEnded>().Any();
                var answers = replica.Events.OfType<StateEvent.LockWaitEnded>().Select(each => each.Result).Append(taken.Result);
                var granted = answers.OfType<CommandResult.LocksGranted>().Where(result => result.Holds.All(each => each.Hold.AcquiredAt == replica.State.Time));
                foreach (var result in granted.Where(_ => taken.Command is not (LockForceRelease or LockRelease) && !ended))
                {
                    Assert.All(result.Holds, each => Assert.True(locks.Get(each.Lock)?.HoldOf(each.Hold.Owner)?.Token >= each.Hold.Token));
                }
            },
            begin: asked.Clear);
    }

    [Fact]
    public void Locks_AnyWorkload_TokensOfExclusiveGrantsStrictlyIncrease()
    {
        var newest = new Dictionary<string, long>();
        Judge(
            (replica, before, taken) =>
            {
                var waiting = before.Values.SelectMany(state => state.Waits, (state, wait) => (wait.Ticket, state.Name))
                    .DistinctBy(each => each.Ticket).ToDictionary();
                var grants = replica.Events.OfType<StateEvent.LockWaitEnded>()
                    .Where(ended => waiting.ContainsKey(ended.Ticket))
                    .Select(ended => (Name: waiting[ended.Ticket], ended.Result));
                if (taken.Command is LockAcquire or LockAcquireAll)
                {
                    grants = grants.Append(((taken.Command as LockAcquire)?.Name ?? "", taken.Result));
                }

                var holds = grants.SelectMany(each => each.Result switch
                {
                    CommandResult.LockGranted one => [new NamedHold(each.Name, one.Hold)],
                    CommandResult.LocksGranted all => all.Holds,
                    _ => Array.Empty<NamedHold>(),
                });
                foreach (var (name, hold) in holds)
                {
                    // An answer repeated for a retry is no new grant.
                    if (hold.Count == 1 && hold.AcquiredAt == replica.State.Time)
                    {
                        var last = newest.GetValueOrDefault(name);
                        Assert.True(hold.Mode != LockMode.Shared ? hold.Token > last : hold.Token >= last, $"{name}: {hold.Token} after {last}");
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

            // Nobody who waited was passed by somebody behind who stood in the way.
            var granted = replica.Events.OfType<StateEvent.LockWaitEnded>()
                .Where(ended => ended.Result is CommandResult.LockGranted or CommandResult.LocksGranted)
                .Select(ended => ended.Ticket)
                .ToHashSet();
            var served = old.Waits.Where(wait => granted.Contains(wait.Ticket));
            Assert.All(served, wait => Assert.DoesNotContain(LockOracle.Ahead(old, wait), left.Contains));
        }
    });

    [Fact]
    public void Locks_AnyWorkload_RefuseExactlyTheRequestsThatGetStuck() => Judge((replica, before, taken) =>
    {
        var locks = replica.State.Locks.Range("").ToList();
        Assert.Empty(LockOracle.Stuck(locks));
        if (taken.Result is CommandResult.LockDeadlock { Cycle: var cycle } && replica.Events.OfType<StateEvent.DeadlockFound>().Any())
        {
            // Had it been queued, it would never have been granted; every step of the cycle would be there, and lead to the next.
            var (parts, owner) = LockOracle.Asked(taken.Command)!.Value;
            var queued = LockOracle.With(locks, parts, owner);
            Assert.Contains(owner, LockOracle.Stuck(queued));
            var edges = queued.SelectMany(LockOracle.Edges).ToHashSet();
            Assert.All(cycle, step => Assert.Contains((step.Owner, step.Lock, step.HeldBy), edges));
            Assert.Equal(cycle.Select(step => step.HeldBy), cycle.Skip(1).Append(cycle[0]).Select(step => step.Owner));
            Assert.Equal(owner, cycle[0].Owner);
            Assert.All(
                parts.Where(part => part.Name == cycle[0].Lock && before.GetValueOrDefault(part.Name)?.WaitOf(owner) is null),
                part => Assert.Equal(part.Mode, cycle[0].Mode));
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
                typeof(CommandResult.LocksGranted), typeof(CommandResult.LocksHeld), typeof(CommandResult.LockPermitsDiffer),
                typeof(CommandResult.LockWaitsAlready),
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
        }, times: 300);
}
