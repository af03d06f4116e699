using FsCheck.Fluent;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Kv;
using Quorate.Core.StateMachine.Locks;
using Quorate.Core.StateMachine.Sessions;

namespace Quorate.Core.Tests.StateMachine;

/// <summary>Dissertation §6.3: a numbered write takes effect once, however often and in whatever order it arrives.</summary>
public sealed class SessionProperties
{
    private const long TtlMs = 1000;

    [Fact]
    public void NumberedWrites_RepeatedInAnyOrder_TakeEffectOnceAndAnswerTheSame() =>
        Properties.Hold(Gen.Choose(1, 20).ListOf(100), sequences =>
        {
            var replica = new Replica();
            var session = Open(replica);
            var answers = new Dictionary<long, CommandResult>();
            foreach (var sequence in sequences)
            {
                var answer = replica.Apply(Put("counter"), new SessionSequence(session, sequence));
                Assert.Equal(answers.TryAdd(sequence, answer) ? answer : answers[sequence], answer);
                Assert.Equal(answers.Count, replica.State.Kv.Get("counter")!.Version);
            }
        });

    [Fact]
    public void KeyedWrites_Repeated_TakeEffectOnce() =>
        Properties.Hold(Gen.Choose(1, 20).ListOf(100), keys =>
        {
            var replica = new Replica();
            foreach (var key in keys)
            {
                replica.Apply(Put($"key{key}"), key: key.ToString());
                Assert.Equal(1, replica.State.Kv.Get($"key{key}")!.Version);
                Assert.IsType<CommandResult.IdempotencyKeyReused>(replica.Apply(Put("other"), key: key.ToString()));
            }
        });

    [Fact]
    public void NumberedWrite_OfUnknownOrExpiredSession_HasNoEffect()
    {
        var replica = new Replica();
        Assert.Equal(new CommandResult.SessionUnknown(99), replica.Apply(Put("key"), new SessionSequence(99, 1)));
        var session = Open(replica);
        replica.Advance(TtlMs + 1);
        Assert.Equal(new CommandResult.SessionUnknown(session), replica.Apply(Put("key"), new SessionSequence(session, 1)));
        Assert.Null(replica.State.Kv.Get("key"));
    }

    [Fact]
    public void NumberedWrite_BehindTheKeptReplies_IsRefusedAndHasNoEffect()
    {
        var replica = new Replica();
        var session = Open(replica);
        replica.Apply(Put("old"), new SessionSequence(session, 1));
        replica.Apply(Put("new"), new SessionSequence(session, SessionTable.KeptReplies + 1));
        Assert.Equal(new CommandResult.SequenceTooOld(2), replica.Apply(Put("old"), new SessionSequence(session, 1)));
        Assert.Equal(1, replica.State.Kv.Get("old")!.Version);
    }

    [Fact]
    public void NumberedAcquire_RepeatedAfterItsWaitEnded_AnswersTheGrant()
    {
        var replica = new Replica();
        var session = Open(replica);
        var held = Assert.IsType<CommandResult.LockGranted>(replica.Apply(Acquire("other", null)));
        var number = new SessionSequence(session, 1);
        Assert.IsType<CommandResult.LockQueued>(replica.Apply(Acquire("me", session), number));
        replica.Apply(new LockRelease("lock", "other", held.Hold.Token));
        var answer = Assert.IsType<CommandResult.LockGranted>(replica.Apply(Acquire("me", session), number));
        Assert.Equal((1, "me"), (answer.Hold.Count, answer.Hold.Owner));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Acquire_RepeatedWithANewNumberWhileWaiting_SettlesBothReplies(bool restored)
    {
        var replica = new Replica();
        var session = Open(replica);
        var held = Assert.IsType<CommandResult.LockGranted>(replica.Apply(Acquire("other", null)));
        var (first, second) = (new SessionSequence(session, 1), new SessionSequence(session, 2));
        replica.Apply(Acquire("me", session), first);
        replica.Apply(Acquire("me", session), second);
        replica.Apply(Acquire("me", session), key: "retry");
        replica = restored ? replica.FromSnapshot() : replica;

        replica.Apply(new LockRelease("lock", "other", held.Hold.Token));

        var granted = Assert.IsType<CommandResult.LockGranted>(replica.State.Sessions.Reply(first)!.Result);
        Assert.Equal(granted, replica.State.Sessions.Reply(second)!.Result);
        Assert.Equal(granted, replica.Apply(Acquire("me", session), key: "retry"));
        Assert.Equal(1, replica.State.Locks.Get("lock")!.HoldOf("me")!.Count);
    }

    [Fact]
    public void SessionEnd_ByExpiryOrClose_ReleasesItsLocksInTheSameEntry()
    {
        foreach (var closes in (bool[])[true, false])
        {
            var replica = new Replica();
            var session = Open(replica);
            replica.Apply(Acquire("me", session));
            replica.Apply(Acquire("next", null));
            replica.Advance(closes ? 0 : TtlMs + 1);
            replica.Apply(closes ? new SessionClose(session) : Put("anything"));
            Assert.Equal("next", Assert.Single(replica.State.Locks.Get("lock")!.Holds).Owner);
            Assert.Contains(new StateEvent.SessionEnded(session, null, Expired: !closes), replica.Events);
        }
    }

    private static long Open(Replica replica) =>
        Assert.IsType<CommandResult.SessionOpened>(replica.Apply(new SessionOpen(TtlMs, null))).Session.Id;

    private static KvPut Put(string key) => new(key, null, null, new byte[] { 1 });

    private static LockAcquire Acquire(string owner, long? session) =>
        new("lock", owner, LockMode.Exclusive, session is null ? 10 * TtlMs : null, 5 * TtlMs, session);
}
