using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Kv;
using Quorate.Core.StateMachine.Locks;
using Quorate.Core.StateMachine.Sessions;

namespace Quorate.Core.Tests.StateMachine;

/// <summary>The flight recorder of locks, and the record of deadlocks.</summary>
public sealed class LockHistoryTests
{
    private readonly Replica _replica = new();

    [Fact]
    public void History_OfALock_TellsWhatHappenedInOrder()
    {
        var first = Acquire("first", ttlMs: 1000);
        Acquire("impatient");
        Acquire("second", waitMs: 1000);
        Acquire("third", waitMs: 1000);
        _replica.Apply(new LockRenew("lock", "first", first, null));
        _replica.Apply(new LockRelease("lock", "first", first + 100));
        _replica.Apply(new LockRelease("lock", "first", first));
        _replica.Apply(new LockForceRelease("lock"));
        _replica.Advance(501);
        _replica.Clock();

        Assert.Equal(
            [
                (LockTransitionKind.Granted, "first"), (LockTransitionKind.Refused, "impatient"), (LockTransitionKind.Waiting, "second"),
                (LockTransitionKind.Waiting, "third"), (LockTransitionKind.Renewed, "first"), (LockTransitionKind.StaleToken, "first"),
                (LockTransitionKind.Released, "first"), (LockTransitionKind.Granted, "second"), (LockTransitionKind.Forced, "second"),
                (LockTransitionKind.Granted, "third"), (LockTransitionKind.Expired, "third"),
            ],
            Told());
        Assert.Equal(first + 100, _replica.State.Locks.History("lock")!.LastStale!.Token);
        Assert.Null(_replica.State.Locks.Get("lock"));
    }

    [Fact]
    public void History_WaitsThatEndWithoutAGrant_SayHow()
    {
        var session = Assert.IsType<CommandResult.SessionOpened>(_replica.Apply(new SessionOpen(1000, null))).Session.Id;
        Acquire("holder", ttlMs: 10_000);
        Acquire("patient", waitMs: 10);
        _replica.Advance(11);
        var withdrawn = Assert.IsType<CommandResult.LockQueued>(_replica.Apply(Request("withdrawn", 1000, 1000)));
        _replica.Apply(new LockCancelWait("lock", "withdrawn", withdrawn.Ticket));
        _replica.Apply(Request("bound", null, 1000) with { Session = session });
        _replica.Apply(new SessionClose(session));

        Assert.Equal(
            [
                (LockTransitionKind.GaveUp, "patient"), (LockTransitionKind.Waiting, "withdrawn"), (LockTransitionKind.Withdrawn, "withdrawn"),
                (LockTransitionKind.Waiting, "bound"), (LockTransitionKind.SessionEnded, "bound"),
            ],
            Told().Skip(2));
    }

    [Fact]
    public void History_OfABusyLock_KeepsTheLastHundredAlsoInAnOlderView()
    {
        var token = Acquire("holder");
        for (var i = 0; i < 350; i++)
        {
            var before = _replica.State.Locks.History("lock")!;
            var last = before.LastIndex;
            _replica.Apply(new LockRenew("lock", "holder", token, null));
            Assert.Equal(last, before.Transitions[^1].Index);
            Assert.True(_replica.State.Locks.History("lock")!.Count <= LockHistory.Kept);
        }

        var kept = _replica.State.Locks.History("lock")!.Transitions;
        Assert.Equal(LockHistory.Kept, kept.Length);
        Assert.Equal(_replica.State.AppliedIndex.Value, kept[^1].Index);
        Assert.Equal(_replica.State.AppliedIndex.Value - LockHistory.Kept + 1, kept[0].Index);
    }

    [Fact]
    public void History_OfTooManyLocks_IsDroppedForTheOneThatChangedLongestAgo()
    {
        for (var i = 0; i < LockTable.KeptHistories; i++)
        {
            _replica.Apply(Request("me", 1000, 0) with { Name = $"lock{i}" });
        }

        _replica.Apply(new LockRenew("lock0", "me", 1, null));
        _replica.Apply(Request("me", 1000, 0) with { Name = "one more" });

        Assert.NotNull(_replica.State.Locks.History("lock0"));
        Assert.Null(_replica.State.Locks.History("lock1"));
        Assert.NotNull(_replica.State.Locks.History("lock2"));
        Assert.NotNull(_replica.State.Locks.History("one more"));
    }

    [Fact]
    public void StaleToken_ForANameNobodyUses_LeavesNoTrace()
    {
        _replica.Apply(new LockRelease("never", "me", 7));
        _replica.Apply(new KvDelete("key", null), fence: new Fence("never", 7));

        Assert.Null(_replica.State.Locks.History("never"));
    }

    [Fact]
    public void Deadlocks_MoreThanAreKept_AreTheNewest()
    {
        _replica.Apply(Request("alice", 100_000, 0) with { Name = "a" });
        _replica.Apply(Request("bob", 100_000, 0) with { Name = "b" });
        _replica.Apply(Request("alice", 100_000, 100_000) with { Name = "b" });
        for (var i = 0; i < LockTable.KeptDeadlocks + 5; i++)
        {
            Assert.IsType<CommandResult.LockDeadlock>(_replica.Apply(Request("bob", 100_000, 100_000) with { Name = "a", Mode = LockMode.Shared }));
        }

        var kept = _replica.State.Locks.Deadlocks().ToList();
        Assert.Equal(LockTable.KeptDeadlocks, kept.Count);
        Assert.Equal(_replica.State.AppliedIndex.Value, kept[^1].Index);
        Assert.Equal(("bob", "a"), (kept[^1].Victim, kept[^1].Lock));
        Assert.Equal(
            [new CycleStep("bob", "a", "alice", LockMode.Shared), new CycleStep("alice", "b", "bob", LockMode.Exclusive)],
            kept[^1].Cycle);
    }

    private IEnumerable<(LockTransitionKind Kind, string Owner)> Told() =>
        _replica.State.Locks.History("lock")!.Transitions.ToArray().Select(each => (each.Kind, each.Owner));

    private long Acquire(string owner, long ttlMs = 500, long waitMs = 0) =>
        (_replica.Apply(Request(owner, ttlMs, waitMs)) as CommandResult.LockGranted)?.Hold.Token ?? 0;

    private static LockAcquire Request(string owner, long? ttlMs, long waitMs) =>
        new("lock", owner, LockMode.Exclusive, ttlMs, waitMs, null);
}
