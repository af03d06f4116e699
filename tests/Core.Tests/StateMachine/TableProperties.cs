using FsCheck;
using Quorate.Core.StateMachine;

namespace Quorate.Core.Tests.StateMachine;

/// <summary>What holds of every table, in whatever state commands, retries and jumps of the clock bring it.</summary>
public sealed class TableProperties
{
    private const long AllIsOverMs = 1_000_000_000;

    private static readonly Dictionary<string, Gen<ScriptStep[]>> Workloads = new()
    {
        ["locks"] = Scripts.Locks,
        ["queues"] = Scripts.Queues,
        ["keys"] = Scripts.Histories,
        ["cache"] = Scripts.Cache,
        ["elections"] = Scripts.Elections,
        ["events"] = Scripts.Events,
        ["documents and blobs"] = Scripts.Documents,
        ["transactions"] = Scripts.Transactions,
        ["everything"] = Scripts.Everything,
    };

    public static TheoryData<string> Names => [.. Workloads.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Tables_AnyWorkload_HoldTheirInvariants(string workload) =>
        Properties.Hold(Workloads[workload], script =>
        {
            var replica = new Replica();
            foreach (var step in script)
            {
                Scripts.Play(replica, step);
                StateInvariants.Check(replica.State);
            }
        }, times: 50);

    [Theory]
    [MemberData(nameof(Names))]
    public void Snapshot_OfAnyState_HoldsTheSameAndGoesOnTheSame(string workload) =>
        Properties.Hold(Workloads[workload], script =>
        {
            var original = new Replica();
            var restored = original.FromSnapshot();
            for (var i = 0; i < script.Length; i++)
            {
                var (command, result) = Scripts.Play(original, script[i]);
                var again = restored.Apply(original.Log[^1]);
                Assert.True(command is null || Replica.Bytes(result).AsSpan().SequenceEqual(Replica.Bytes(again)), $"{command} is answered {again} instead of {result}");
                Assert.Equal(original.Events.Select(each => each.GetType()), restored.Events.Select(each => each.GetType()));
                if (i % 8 == 0)
                {
                    Assert.Equal(original.State.Freeze().Hash(), restored.State.Freeze().Hash());
                    restored = original.FromSnapshot();
                    Assert.Equal(Derived(original.State), Derived(restored.State));
                }
            }

            Assert.Equal(original.State.Freeze().Hash(), restored.State.Freeze().Hash());
        }, times: 20);

    [Theory]
    [InlineData("locks")]
    [InlineData("queues")]
    [InlineData("everything")]
    public void Waits_AnyWorkload_EndOnceAndAllInTime(string workload) =>
        Properties.Hold(Workloads[workload], script =>
        {
            var replica = new Replica();
            var waiting = new SortedSet<long>();
            foreach (var step in script)
            {
                var (_, result) = Scripts.Play(replica, step);
                if (result is IQueuedResult queued && queued.Ticket == replica.State.AppliedIndex.Value)
                {
                    waiting.Add(queued.Ticket);
                }

                End(replica, waiting);
                Assert.Equal(waiting, Tickets(replica.State));
            }

            replica.Advance(AllIsOverMs);
            replica.Clock();
            End(replica, waiting);
            Assert.Empty(waiting);
            Assert.Empty(Tickets(replica.State));
            Assert.Equal(0, replica.State.Sessions.Count);

            // Who was granted a lock when the others' time was over has had its own time now.
            replica.Advance(AllIsOverMs);
            replica.Clock();
            Assert.Empty(replica.State.Locks.Range(""));
        }, times: 100);

    private static void End(Replica replica, SortedSet<long> waiting) =>
        Assert.All(replica.Events.OfType<IWaitEnded>(), ended => Assert.True(waiting.Remove(ended.Ticket), $"request {ended.Ticket} is answered, and does not wait"));

    private static SortedSet<long> Tickets(ClusterState state) =>
    [
        .. state.Locks.Range("").SelectMany(each => each.Waits).Select(wait => wait.Ticket),
        .. state.Queues.Range("").SelectMany(queue => queue.Waits()).Select(wait => wait.Ticket),
    ];

    /// <summary>What no snapshot holds, because it follows from what it holds.</summary>
    private static string Derived(ClusterState state) => string.Join('\n',
    [
        $"next due {state.NextDue}",
        $"keys {state.Kv.Count} {state.Kv.HistoryCount} {state.Kv.HistoryBytes}",
        $"cache {state.Cache.Count} {state.Cache.Spilled} {state.Cache.Bytes}",
        $"locks {state.Locks.Count} {state.Locks.Waiters} {string.Join(", ", state.Locks.WaitEdges())}",
        .. state.Queues.Range("").Select(queue =>
            $"{queue.Name} {queue.Bytes} {string.Join(' ', queue.ReadyByPriority)} {queue.OldestEnqueuedAt} {string.Join(", ", queue.Consumers())}"),
        $"elections {state.Elections.Count}",
        $"events {state.Events.FirstSequence} {state.Events.Bytes}",
        $"retries {state.Retries.Count} {state.Retries.Bytes}",
        $"blobs {state.Blobs.DistinctChunks} {state.Blobs.Bytes}",
        $"sync {state.Sync.First} {state.Sync.Bytes}",
        .. state.Documents.Range("").Select(collection => $"{collection.Name} {collection.Count} {collection.Bytes}"),
    ]);
}
