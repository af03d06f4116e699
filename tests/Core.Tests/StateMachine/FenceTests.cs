using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Kv;
using Quorate.Core.StateMachine.Locks;
using Quorate.Core.StateMachine.Sessions;

namespace Quorate.Core.Tests.StateMachine;

/// <summary>A write that carries a fence happens only while the lock is held with its token, in the same step.</summary>
public sealed class FenceTests
{
    private const long TtlMs = 1000;

    private readonly Replica _replica = new();

    [Fact]
    public void Write_LockHeldWithTheToken_Happens()
    {
        var token = Acquire("me");

        Assert.IsType<CommandResult.KvWritten>(Put(token));
        Assert.IsType<CommandResult.KvWritten>(Put(token));
    }

    [Fact]
    public void Write_AfterSomebodyElseGotTheLock_IsRefusedAndNamesTheNewestToken()
    {
        var stale = Acquire("me");
        _replica.Apply(new LockForceRelease("lock"));
        var token = Acquire("next");

        Assert.Equal(new CommandResult.FenceStale("lock", stale, token), Put(stale));
        Assert.Null(_replica.State.Kv.Get("key"));
        Assert.Equal(stale, _replica.State.Locks.History("lock")!.LastStale!.Token);
        Assert.IsType<CommandResult.KvWritten>(Put(token));
    }

    [Fact]
    public void Write_AfterTheLockExpiredInTheSameEntry_IsRefused()
    {
        var token = Acquire("me");
        _replica.Advance(TtlMs);

        Assert.Equal(new CommandResult.FenceStale("lock", token, null), Put(token));
    }

    [Fact]
    public void Write_TokenNeverGranted_IsRefused()
    {
        var token = Acquire("me");

        Assert.IsType<CommandResult.FenceStale>(Put(token + 1));
        Assert.IsType<CommandResult.FenceStale>(Put(0));
    }

    [Fact]
    public void Write_PermitOfASemaphore_CountsForEachHolder()
    {
        var first = Permit("first");
        var second = Permit("second");
        Assert.True(second > first);

        Assert.IsType<CommandResult.KvWritten>(Put(first));
        Assert.IsType<CommandResult.KvWritten>(Put(second));
        _replica.Apply(new LockRelease("lock", "first", first));
        Assert.Equal(new CommandResult.FenceStale("lock", first, second), Put(first));
        Assert.IsType<CommandResult.KvWritten>(Put(second));
    }

    [Fact]
    public void Batch_StaleFence_HappensNotAtAll()
    {
        var batch = new Batch([new KvPut("a", null, null, new byte[] { 1 }), new KvPut("b", null, null, new byte[] { 1 })]);

        Assert.IsType<CommandResult.FenceStale>(_replica.Apply(batch, fence: new Fence("lock", 1)));
        Assert.Equal(0, _replica.State.Kv.Count);
    }

    [Fact]
    public void Retry_OfAWriteThatHappened_GetsItsFirstAnswerAlthoughTheTokenIsStaleNow()
    {
        var token = Acquire("me");
        var session = Assert.IsType<CommandResult.SessionOpened>(_replica.Apply(new SessionOpen(TtlMs, null))).Session.Id;
        var number = new SessionSequence(session, 1);
        var written = Put(token, number);
        _replica.Apply(new LockRelease("lock", "me", token));

        Assert.Equal(written, Put(token, number));
        Assert.IsType<CommandResult.FenceStale>(Put(token, number with { Sequence = 2 }));
        Assert.IsType<CommandResult.FenceStale>(Put(token, number with { Sequence = 2 }));
    }

    private CommandResult Put(long token, SessionSequence? number = null) =>
        _replica.Apply(new KvPut("key", null, null, new byte[] { 1 }), number, fence: new Fence("lock", token));

    private long Acquire(string owner) => Assert.IsType<CommandResult.LockGranted>(
        _replica.Apply(new LockAcquire("lock", owner, LockMode.Exclusive, TtlMs, 0, null))).Hold.Token;

    private long Permit(string owner) => Assert.IsType<CommandResult.LockGranted>(
        _replica.Apply(new LockAcquire("lock", owner, LockMode.Semaphore, TtlMs, 0, null, Permits: 2, Take: 1))).Hold.Token;
}
