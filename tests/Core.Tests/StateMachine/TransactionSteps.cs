using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Cache;
using Quorate.Core.StateMachine.Documents;
using Quorate.Core.StateMachine.Elections;
using Quorate.Core.StateMachine.Events;
using Quorate.Core.StateMachine.Kv;
using Quorate.Core.StateMachine.Locks;
using Quorate.Core.StateMachine.Queues;
using Quorate.Core.StateMachine.Transactions;

namespace Quorate.Core.Tests.StateMachine;

/// <summary>What a step of a workload means as a transaction: conditions and operations over all primitives, many of them valid, some not.</summary>
internal static class TransactionSteps
{
    public static Transaction Resolve(ScriptStep step, ClusterState state)
    {
        var (a, b, c) = (step.A, step.B, step.C);
        return new Transaction(
            c % 10 == 0 ? [] : [.. Enumerable.Range(0, 1 + (c % 2)).Select(i => Condition(a + i, b, c + (3 * i), state))],
            Branch(1 + (b % 5), a, b, c, state),
            Branch(b % 4, c, a, b, state));
    }

    /// <summary>Operations that fit together; what a branch changes already is left out.</summary>
    private static List<Command> Branch(int count, int a, int b, int c, ClusterState state)
    {
        var claims = new TransactionClaims();
        return [.. Enumerable.Range(0, count).Select(i => Operation(a + (7 * i), b + (5 * i), c + i, state)).Where(command => claims.Add(command) is null)];
    }

    private static Condition Condition(int a, int b, int c, ClusterState state)
    {
        var key = $"key{a % 6}";
        var hold = Hold(a, b, state);
        var election = state.Elections.Get($"election{a % 3}")?.Leader;
        var document = state.Documents.Get($"collection{a % 3}")?.Get($"document{b % 5}");
        return (c % 9) switch
        {
            0 => new KvCondition(key, KvField.Revision, (Relation)(1 + (b % 4)), state.Kv.Get(key)?.Revision ?? 0),
            1 => new KvCondition(key, (KvField)(1 + (b % 3)), Relation.Greater, b % 3),
            2 => new KvValueCondition(key, b % 2 == 0, new[] { (byte)b }),
            3 => new LockCondition($"lock{a % 4}", c % 2 == 0 ? hold?.Owner : null, hold?.Token ?? c),
            4 => new LockHeldCondition($"lock{a % 4}", b % 2 == 0 ? hold?.Owner : null, b % 3 != 0),
            5 => new QueueCondition($"queue{a % 2}", (QueueField)(1 + (b % 5)), (Relation)(1 + (c % 4)), b % 3),
            6 => new QueueExistsCondition($"queue{a % 2}", b % 3 != 0),
            7 => new ElectionCondition($"election{a % 3}", b % 2 == 0 ? election?.Candidate.Name : null, b % 3 == 0 ? election?.Token : null, b % 5 != 0),
            _ => new DocumentCondition($"collection{a % 3}", $"document{b % 5}", b % 3 == 0 ? "" : document?.Rev ?? "1-no", b % 4 != 0),
        };
    }

    private static Command Operation(int a, int b, int c, ClusterState state)
    {
        var value = new[] { (byte)c };
        var hold = Hold(a, b, state);
        var (election, queue) = ($"election{a % 3}", $"queue{a % 2}");
        var leader = state.Elections.Get(election)?.Leader;
        var rev = (c % 6) switch
        {
            0 => state.Documents.Get($"collection{a % 3}")?.Get($"document{b % 5}")?.Rev,
            1 => "1-no",
            _ => null,
        };
        return (b % 13) switch
        {
            0 => new KvPut($"key{a % 6}", c % 5 == 0 ? 20 : null, null, value),
            1 => new KvDelete($"key{a % 6}", null),
            2 => new KvRead($"key{a % 6}"),
            3 => new CachePut($"cached{a % 6}", null, value),
            4 => new CacheDelete($"cached{a % 6}"),
            5 or 6 => new QueueEnqueue(queue, [.. Enumerable.Range(0, 1 + (c % 2)).Select(_ => new NewMessage(value, (byte)(c % 10), c % 6 == 0 ? 5 : 0, null, []))]),
            7 => new QueueAck(queue, Receipts(queue, a, c, state)),
            8 => new QueueNack(queue, Receipts(queue, a, c, state), c % 2 == 0 ? 0 : 10),
            9 => c % 2 == 0
                ? new LockRelease(NameOfLock(a), hold?.Owner ?? "owner0", hold?.Token ?? c)
                : new LockRenew(NameOfLock(a), hold?.Owner ?? "owner0", hold?.Token ?? c, null),
            10 => c % 2 == 0
                ? new ElectionResign(election, leader?.Candidate.Name ?? "owner0", c % 3 == 0 ? null : leader?.Token ?? c)
                : new ElectionProclaim(election, leader?.Candidate.Name ?? "owner0", leader?.Token ?? c, value),
            11 => new EventPublish(ScriptStep.Topic(a), value),
            _ => c % 4 == 0
                ? new DocumentDelete($"collection{a % 3}", $"document{b % 5}", rev, "region0")
                : new DocumentPut($"collection{a % 3}", $"document{b % 5}", rev, "region0", value),
        };
    }

    private static string NameOfLock(int a) => a % 6 < 4 ? $"lock{a % 6}" : $"semaphore{a % 2}";

    private static LockHold? Hold(int a, int b, ClusterState state) =>
        state.Locks.Get(NameOfLock(a))?.Holds is { Count: > 0 } holds ? holds[b % holds.Count] : null;

    /// <summary>Receipts of messages in flight; now and then one that is void.</summary>
    private static List<Receipt> Receipts(string queue, int a, int c, ClusterState state)
    {
        var held = state.Queues.Get(queue)?.Browse(MessageState.InFlight).Select(message => message.Receipt).Skip(a % 2).Take(1 + (c % 2)).ToList() ?? [];
        return held.Count == 0 || c % 7 == 0 ? [new Receipt(a, c)] : held;
    }
}
