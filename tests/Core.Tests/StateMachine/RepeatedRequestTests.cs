using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Locks;
using Quorate.Core.StateMachine.Sessions;

namespace Quorate.Core.Tests.StateMachine;

/// <summary>An owner that asks for the lock that it waits for already.</summary>
public sealed class RepeatedRequestTests
{
    /// <summary>The index of the first entry, which opens it.</summary>
    private const long Session = 1;

    private readonly Replica _replica = new();

    public RepeatedRequestTests() => _replica.Apply(new SessionOpen(100_000, Name: null));

    public static readonly TheoryData<LockAcquire> OfSomethingElse =
    [
        Ask() with { Mode = LockMode.Exclusive },
        Ask() with { TtlMs = 200_000 },
        Ask() with { TtlMs = null, Session = Session },
    ];

    [Theory]
    [MemberData(nameof(OfSomethingElse))]
    public void Acquire_OfSomethingElse_IsNotAnsweredWithWhatTheOtherRequestGets(LockAcquire other)
    {
        Held();
        _replica.Apply(Ask());

        Assert.Equal(new CommandResult.LockWaitsAlready("lock"), _replica.Apply(other));
        Assert.Equal(LockMode.Shared, Assert.Single(Waits()).Mode);
    }

    [Fact]
    public void Acquire_OfMorePermits_IsNotAnsweredWithTheFewerOfTheOtherRequest()
    {
        var one = new LockAcquire("pool", "me", LockMode.Semaphore, 100_000, 1000, null, 3, 1);
        _replica.Apply(one with { Owner = "other", Take = 3 });
        _replica.Apply(one);

        Assert.Equal(new CommandResult.LockWaitsAlready("pool"), _replica.Apply(one with { Take = 3 }));
    }

    [Fact]
    public void Acquire_ThatDoesNotWait_IsRefusedAndTheOtherRequestWaitsOn()
    {
        Held();
        var queued = Assert.IsType<CommandResult.LockQueued>(_replica.Apply(Ask()));

        Assert.Single(Assert.IsType<CommandResult.LockHeld>(_replica.Apply(Ask(waitMs: 0))).Holders);
        Assert.Equal(queued.Ticket, Assert.Single(Waits()).Ticket);
    }

    [Theory]
    [InlineData(5000, 5000)]
    [InlineData(100, 1000)]
    public void Acquire_TheSame_WaitsAsOneUntilTheLaterLimit(long waitMs, long lastsMs)
    {
        Held();
        var first = Assert.IsType<CommandResult.LockQueued>(_replica.Apply(Ask()));
        Assert.Equal(first.Ticket, Assert.IsType<CommandResult.LockQueued>(_replica.Apply(Ask(waitMs))).Ticket);

        _replica.Advance(lastsMs - 1);
        _replica.Clock();
        Assert.Single(Waits());
        _replica.Advance(2);
        _replica.Clock();
        Assert.Empty(Waits());
        Assert.Equal(first.Ticket, Assert.Single(_replica.Events.OfType<StateEvent.LockWaitEnded>()).Ticket);
    }

    [Fact]
    public void AcquireTogether_TheSameForLonger_WaitsLongerInEveryQueue()
    {
        Held();
        var both = new LockAcquireAll([new LockPart("free", LockMode.Exclusive), new LockPart("lock", LockMode.Exclusive)], "me", 100_000, 1000, null);
        _replica.Apply(both);
        _replica.Apply(both with { WaitMs = 5000 });

        _replica.Advance(2000);
        _replica.Clock();
        Assert.Single(Waits());
        Assert.Single(_replica.State.Locks.Get("free")!.Waits);
    }

    private static LockAcquire Ask(long waitMs = 1000) => new("lock", "me", LockMode.Shared, 100_000, waitMs, null);

    private IReadOnlyList<LockWait> Waits() => _replica.State.Locks.Get("lock")!.Waits;

    private void Held() => _replica.Apply(new LockAcquire("lock", "other", LockMode.Exclusive, 100_000, 0, null));
}
