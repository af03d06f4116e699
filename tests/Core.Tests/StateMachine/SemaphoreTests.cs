using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Locks;

namespace Quorate.Core.Tests.StateMachine;

/// <summary>Permits, and several locks at once: the cases worth telling apart.</summary>
public sealed class SemaphoreTests
{
    private readonly Replica _replica = new();

    [Fact]
    public void Acquire_PermitsLeft_AreGrantedUpToTheLastAndNoFurther()
    {
        Assert.True(Granted(Permit("a", take: 2)));
        Assert.True(Granted(Permit("b")));
        Assert.Equal(2, Assert.IsType<CommandResult.LockHeld>(Permit("c")).Holders.Count);
    }

    [Fact]
    public void Acquire_OfAnotherSize_IsRefusedUntilNobodyUsesTheName()
    {
        var hold = Assert.IsType<CommandResult.LockGranted>(Permit("a")).Hold;

        Assert.Equal(new CommandResult.LockPermitsDiffer("pool", 3), Permit("b", permits: 4));
        Assert.Equal(new CommandResult.LockPermitsDiffer("pool", 3), Lock("pool", "b"));
        _replica.Apply(new LockRelease("pool", "a", hold.Token));
        Assert.True(Granted(Permit("b", permits: 4)));
    }

    [Fact]
    public void Release_SmallRequestBehindALargeOne_DoesNotPassIt()
    {
        var first = Assert.IsType<CommandResult.LockGranted>(Permit("a", take: 2)).Hold;
        Permit("b");
        Permit("large", take: 2, waitMs: 1000);
        Permit("small", waitMs: 1000);
        Assert.Equal(2, _replica.State.Locks.Get("pool")!.Waits.Count);

        _replica.Apply(new LockRelease("pool", "a", first.Token));

        Assert.Equal(["b", "large"], _replica.State.Locks.Get("pool")!.Holds.Select(hold => hold.Owner));
    }

    [Fact]
    public void Wait_CycleThatOneOtherHolderCanOpen_IsNoDeadlock()
    {
        // a has a permit and waits for what b holds; b waits for a permit, but c can give one back.
        Permit("a", permits: 2);
        Permit("c", permits: 2);
        Lock("door", "b");
        Assert.IsType<CommandResult.LockQueued>(Lock("door", "a", waitMs: 1000));

        Assert.IsType<CommandResult.LockQueued>(Permit("b", permits: 2, waitMs: 1000));
    }

    [Fact]
    public void Wait_EveryHolderOfTheSemaphoreWaitsForTheOwner_IsADeadlock()
    {
        Permit("a", permits: 2);
        Permit("c", permits: 2);
        Lock("door", "b");
        Lock("door", "a", waitMs: 1000);
        Lock("door", "c", waitMs: 1000);

        var cycle = Assert.IsType<CommandResult.LockDeadlock>(Permit("b", permits: 2, waitMs: 1000)).Cycle;
        Assert.Equal([("b", "pool"), ("a", "door")], cycle.Select(step => (step.Owner, step.Lock)));
    }

    [Fact]
    public void AcquireAgain_Permits_AreNotTakenTwiceButMayBecomeMore()
    {
        Permit("a");
        Assert.Equal(1, Assert.IsType<CommandResult.LockGranted>(Permit("a")).Hold.Permits);
        Assert.Equal(3, Assert.IsType<CommandResult.LockGranted>(Permit("a", take: 3)).Hold.Permits);
        Assert.IsType<CommandResult.LockHeld>(Permit("b"));
    }

    [Fact]
    public void MorePermits_ForAnOwnerThatWaitsElsewhere_AreRefusedWhenTheyWouldLockUp()
    {
        // f waits for two permits, of which one is free and b will give the other; a waits for f.
        Permit("a", permits: 4);
        Permit("b", permits: 4, take: 2);
        Lock("door", "f");
        Permit("f", permits: 4, take: 3, waitMs: 1000);
        Lock("door", "a", waitMs: 1000);
        var before = _replica.State.Freeze();

        Assert.IsType<CommandResult.LockDeadlock>(Permit("a", permits: 4, take: 2));

        Assert.Equal(1, _replica.State.Locks.Get("pool")!.HoldOf("a")!.Permits);
        Assert.Equal(_replica.State.NextDue, _replica.FromSnapshot().State.NextDue);
        Assert.NotEqual(before.Hash(), _replica.State.Freeze().Hash());
    }

    [Fact]
    public void Upgrade_ForAnOwnerThatWaitsForOneItWouldKeepWaiting_IsADeadlock()
    {
        // "both" wants a shared, which it could have, and b; a's holder waits for what "both" holds, and then wants a for itself.
        Lock("door", "both");
        Lock("b", "other");
        Shared("a", "holder");
        _replica.Apply(new LockAcquireAll(
            [new LockPart("a", LockMode.Shared), new LockPart("b", LockMode.Exclusive)], "both", 100_000, 1000, null));
        Assert.IsType<CommandResult.LockQueued>(Lock("door", "holder", waitMs: 1000));

        Assert.IsType<CommandResult.LockDeadlock>(Lock("a", "holder", waitMs: 1000));

        Assert.Equal(LockMode.Shared, Assert.Single(_replica.State.Locks.Get("a")!.Holds).Mode);
    }

    [Fact]
    public void Together_OneHeld_WaitsWithoutHoldingAnyAndGetsAllAtOnce()
    {
        var held = Assert.IsType<CommandResult.LockGranted>(Lock("b", "other")).Hold;
        var queued = Assert.IsType<CommandResult.LockQueued>(Together("me", 1000, "a", "b", "c"));
        Assert.Empty(_replica.State.Locks.Get("a")!.Holds);

        _replica.Apply(new LockRelease("b", "other", held.Token));

        var ended = Assert.Single(_replica.Events.OfType<StateEvent.LockWaitEnded>());
        Assert.Equal(queued.Ticket, ended.Ticket);
        Assert.Equal(["a", "b", "c"], Assert.IsType<CommandResult.LocksGranted>(ended.Result).Holds.Select(each => each.Lock));
    }

    [Fact]
    public void Together_NotWaiting_NamesWhatIsInTheWay()
    {
        Lock("b", "other");

        var held = Assert.IsType<CommandResult.LocksHeld>(Together("me", 0, "a", "b"));

        Assert.Equal("b", Assert.Single(held.Locks).Lock);
        Assert.Null(_replica.State.Locks.Get("a"));
    }

    [Fact]
    public void Together_WaitEnds_InEveryQueueAndLetsOthersOn()
    {
        Lock("b", "other");
        Together("me", 10, "a", "b");
        Assert.IsType<CommandResult.LockQueued>(Lock("a", "behind", waitMs: 1000));

        _replica.Advance(11);
        _replica.Clock();

        Assert.Equal("behind", Assert.Single(_replica.State.Locks.Get("a")!.Holds).Owner);
        Assert.Empty(_replica.State.Locks.Get("b")!.Waits);
        Assert.Contains(_replica.Events.OfType<StateEvent.LockWaitEnded>(), ended => ended.Result is CommandResult.LocksHeld);
    }

    [Fact]
    public void Together_OfTwoOwnersInEachOthersOrder_NeverDeadlock()
    {
        Lock("b", "other", ttlMs: 10);
        Assert.IsType<CommandResult.LockQueued>(Together("x", 1000, "a", "b"));
        Assert.IsType<CommandResult.LockQueued>(Together("y", 1000, "a", "b"));
        _replica.Advance(11);
        _replica.Clock();

        Assert.Equal("x", Assert.Single(_replica.State.Locks.Get("a")!.Holds).Owner);
        Assert.Equal("x", Assert.Single(_replica.State.Locks.Get("b")!.Holds).Owner);
    }

    [Fact]
    public void Together_HoldingOneThatIsWantedByTheHolderOfAnother_IsADeadlock()
    {
        Lock("a", "x");
        Lock("b", "y");
        Assert.IsType<CommandResult.LockQueued>(Together("y", 1000, "a", "c"));

        Assert.Equal(
            [("x", "b", "y"), ("y", "a", "x")],
            Assert.IsType<CommandResult.LockDeadlock>(Together("x", 1000, "b", "d")).Cycle.Select(step => (step.Owner, step.Lock, step.HeldBy)));
        Assert.Null(_replica.State.Locks.Get("d"));
    }

    private static bool Granted(CommandResult result) => result is CommandResult.LockGranted;

    private CommandResult Permit(string owner, int permits = 3, int take = 1, long waitMs = 0) =>
        _replica.Apply(new LockAcquire("pool", owner, LockMode.Semaphore, 100_000, waitMs, null, permits, take));

    private CommandResult Lock(string name, string owner, long waitMs = 0, long ttlMs = 100_000) =>
        _replica.Apply(new LockAcquire(name, owner, LockMode.Exclusive, ttlMs, waitMs, null));

    private CommandResult Shared(string name, string owner) =>
        _replica.Apply(new LockAcquire(name, owner, LockMode.Shared, 100_000, 0, null));

    private CommandResult Together(string owner, long waitMs, params string[] names) => _replica.Apply(
        new LockAcquireAll([.. names.Select(name => new LockPart(name, LockMode.Exclusive))], owner, 100_000, waitMs, null));
}
