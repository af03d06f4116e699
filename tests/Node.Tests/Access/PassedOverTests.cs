using Quorate.Core.Clocks;
using Quorate.Core.Raft;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Locks;
using Quorate.Core.StateMachine.Queues;
using Quorate.Node.Access;

namespace Quorate.Node.Tests.Access;

/// <summary>A client that is given a snapshot has missed entries: what it answers to requests whose answers were among them.</summary>
public sealed class PassedOverTests : IAsyncDisposable
{
    private readonly ScriptedLink _link = new("n1");
    private readonly ClusterClient _client;
    private readonly ClusterState _state = new();

    public PassedOverTests()
    {
        _client = new ClusterClient([_link], new ClusterClientOptions { Timeout = TimeSpan.FromSeconds(30) });
        _link.Lead(term: 1);
        Append(EntryKind.TermStart, RaftDataCodec.Encode(new TermStart(new NodeId("n1"), ElectionCause.Timeout, [], 0)), delivered: true);
    }

    public async ValueTask DisposeAsync() => await _client.DisposeAsync();

    [Fact]
    public async Task Dequeue_given_a_message_in_what_was_passed_over_is_not_answered_empty()
    {
        Others(new QueueConfigure("queue", QueueSettings.Default), delivered: true);
        var dequeue = Waits(new QueueDequeue("queue", "me", 1, null, 10_000));
        Others(new QueueEnqueue("queue", [new NewMessage("1"u8.ToArray(), 4, 0, null, [])]));

        _link.Restore(Copy());

        var error = await Assert.ThrowsAsync<NoQuorumException>(() => dequeue.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.True(error.MayHaveHappened);
    }

    [Fact]
    public async Task Dequeue_with_a_key_given_a_message_in_what_was_passed_over_gets_it()
    {
        Others(new QueueConfigure("queue", QueueSettings.Default), delivered: true);
        var dequeue = Waits(new QueueDequeue("queue", "me", 1, null, 10_000), new WriteOptions(IdempotencyKey: "key"));
        Others(new QueueEnqueue("queue", [new NewMessage("1"u8.ToArray(), 4, 0, null, [])]));

        _link.Restore(Copy());

        Assert.Single(Assert.IsType<QueueResult.Delivered>(await dequeue.WaitAsync(TimeSpan.FromSeconds(10))).Messages);
    }

    [Fact]
    public async Task Acquire_that_gave_up_in_what_was_passed_over_is_not_granted_by_another_hold_of_its_owner()
    {
        Others(new LockAcquire("lock", "me", LockMode.Shared, 100_000, 0, null), delivered: true);
        Others(new LockAcquire("lock", "you", LockMode.Shared, 100_000, 0, null), delivered: true);
        var acquire = Waits(new LockAcquire("lock", "me", LockMode.Exclusive, 100_000, 10, null));
        Append(EntryKind.Clock, default, delivered: false, afterMs: 1000);
        Assert.Empty(_state.Locks.Get("lock")!.Waits);

        _link.Restore(Copy());

        await Assert.ThrowsAsync<NoQuorumException>(() => acquire.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Acquire_that_still_waits_in_the_snapshot_goes_on_waiting()
    {
        Others(new LockAcquire("lock", "you", LockMode.Exclusive, 100_000, 0, null), delivered: true);
        var acquire = Waits(new LockAcquire("lock", "me", LockMode.Exclusive, 100_000, 10_000, null));
        Append(EntryKind.Clock, default, delivered: false);

        _link.Restore(Copy());
        Assert.False(acquire.IsCompleted);
        Others(new LockForceRelease("lock"), delivered: true);

        Assert.IsType<CommandResult.LockGranted>(await acquire.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task Write_with_a_key_applied_in_what_was_passed_over_gets_its_answer()
    {
        var write = _client.ExecuteAsync(new Core.StateMachine.Kv.KvPut("key", null, null, "1"u8.ToArray()), new WriteOptions(IdempotencyKey: "key"), CancellationToken.None);
        Append(EntryKind.Command, _link.Proposals[^1].Command, delivered: false);

        _link.Restore(Copy());

        Assert.Equal(2, Assert.IsType<CommandResult.KvWritten>(await write.WaitAsync(TimeSpan.FromSeconds(10))).Revision);
    }

    /// <summary>A request of this client that is applied, and waits.</summary>
    private Task<CommandResult> Waits(Command command, WriteOptions? options = null)
    {
        var waiting = _client.ExecuteAsync(command, options ?? WriteOptions.None, CancellationToken.None);
        Append(EntryKind.Command, _link.Proposals[^1].Command, delivered: true);
        Assert.False(waiting.IsCompleted);
        return waiting;
    }

    /// <summary>A command of somebody else.</summary>
    private void Others(Command command, bool delivered = false) =>
        Append(EntryKind.Command, CommandCodec.Encode(new CommandEnvelope(default, command)), delivered);

    private void Append(EntryKind kind, ReadOnlyMemory<byte> data, bool delivered, long afterMs = 1)
    {
        var entry = new Entry(new Term(1), _state.AppliedIndex.Next, HlcTimestamp.After(_state.Time, _state.Time.UnixMs + afterMs), kind, data);
        _state.Apply(entry, [], out _);
        if (delivered)
        {
            _link.Deliver(entry);
        }
    }

    private ClusterState Copy() => StateSnapshot.Read(_state.Freeze().Records());
}
