using FsCheck;
using FsCheck.Fluent;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Cache;
using Quorate.Core.StateMachine.Elections;
using Quorate.Core.StateMachine.Events;
using Quorate.Core.StateMachine.Kv;
using Quorate.Core.StateMachine.Locks;
using Quorate.Core.StateMachine.Nodes;
using Quorate.Core.StateMachine.Sessions;

namespace Quorate.Core.Tests.StateMachine;

/// <summary>One step of a generated workload. The numbers choose among what the state holds when the step is taken.</summary>
/// <param name="PassMs">Time that passes before it; the clock may be put back.</param>
internal sealed record ScriptStep(string Kind, int A, int B, int C, int PassMs)
{
    /// <summary>The command that the step means for this state; null: only time passes.</summary>
    public Command? Resolve(ClusterState state)
    {
        var name = A % 6 < 4 ? $"lock{A % 6}" : $"semaphore{A % 2}";
        var owner = $"owner{B % 5}";
        var mode = C % 3 == 0 ? LockMode.Shared : LockMode.Exclusive;
        long? session = state.Sessions.Count > 0 && C % 4 == 0 ? state.Sessions.All().ElementAt(B % state.Sessions.Count).Id : null;
        long? ttl = session is null || C % 2 == 0 ? 5 + (C % 60) : null;
        var holds = state.Locks.Get(name)?.Holds ?? [];
        var hold = holds.Count > 0 ? holds[B % holds.Count] : null;
        var waits = state.Locks.Get(name)?.Waits ?? [];
        return Kind switch
        {
            "acquire" when A % 6 >= 4 && C % 11 != 0 => new LockAcquire(name, owner, LockMode.Semaphore, ttl, WaitMs, session, 3, 1 + (C % 3)),
            "acquire" => new LockAcquire(name, owner, mode, ttl, WaitMs, session),
            "together" => new LockAcquireAll([.. Parts(mode)], owner, ttl, WaitMs, session),
            "release" when hold is not null => new LockRelease(name, hold.Owner, hold.Token),
            "release" => new LockRelease(name, owner, C),
            "renew" when hold is not null => new LockRenew(name, hold.Owner, hold.Token, C % 2 == 0 ? null : 30),
            "cancel" when waits.Count > 0 => new LockCancelWait(name, waits[B % waits.Count].Owner, waits[B % waits.Count].Ticket),
            "force" => new LockForceRelease(name),
            "put" => new KvPut($"key{A % 6}", C % 3 == 0 ? 10 + (C % 40) : null, Expected(state, A % 6), new[] { (byte)B }),
            "delete" => new KvDelete($"key{A % 6}", Expected(state, A % 6)),
            "cache" => new CachePut($"cached{A % 6}", C % 3 == 0 ? 10 + (C % 40) : null, new[] { (byte)B }),
            "uncache" => new CacheDelete($"cached{A % 6}"),
            "txn" => TransactionSteps.Resolve(this, state),
            "campaign" => new ElectionCampaign($"election{A % 3}", owner, new[] { (byte)C }, ttl, session),
            "proclaim" when Leader(state) is { } leads => new ElectionProclaim($"election{A % 3}", leads.Candidate.Name, leads.Token - (C % 5 == 0 ? 1 : 0), new[] { (byte)C }),
            "steady" when Leader(state) is { } leads => new ElectionRenew($"election{A % 3}", leads.Candidate.Name, leads.Token - (C % 5 == 0 ? 1 : 0)),
            "resign" => new ElectionResign($"election{A % 3}", owner, C % 2 == 0 ? null : Leader(state)?.Token ?? C),
            "publish" => new EventPublish(Topic(A), new[] { (byte)C }),
            "route" => new EventRoute(
                [
                    new RoutingRule(B % 2 == 0 ? "*.b" : "#", RoutingAction.Forward, Topic(C)),
                    new RoutingRule($"{(char)('a' + (A % 3))}.**", RoutingAction.Drop, null),
                ],
                C % 3 == 0 ? state.Events.Routing.Version : C % 3 == 1 ? 1 : null),
            "open" => new SessionOpen(10 + (C % 60), C % 2 == 0 ? null : $"session{B % 3}"),
            "alive" when session is { } id => new SessionKeepAlive(id),
            "close" when session is { } id => new SessionClose(id),
            "register" => new NodeRegister($"n{A % 3}", $"host:{B}", "region", C % 2 == 0),
            "retire" => new NodeRetire($"n{A % 3}"),
            _ => (Command?)QueueSteps.Resolve(this, state) ?? DocumentSteps.Resolve(this, state) ?? BlobSteps.Resolve(this, state),
        };
    }

    private int WaitMs => C % 5 == 0 ? 0 : C % 80;

    /// <summary>Some of the locks, by the bits of a number, in the order of their names.</summary>
    private IEnumerable<LockPart> Parts(LockMode mode)
    {
        var chosen = 1 + (A % 63);
        for (var i = 0; i < 6; i++)
        {
            if ((chosen & (1 << i)) != 0)
            {
                yield return i < 4 ? new LockPart($"lock{i}", mode) : new LockPart($"semaphore{i - 4}", LockMode.Semaphore, 3, 1 + (C % 2));
            }
        }
    }

    /// <summary>A topic for a number.</summary>
    public static string Topic(int number) => $"{(char)('a' + (number % 3))}.{(char)('a' + (number % 5))}";

    private Incumbent? Leader(ClusterState state) => state.Elections.Get($"election{A % 3}")?.Leader;

    private long? Expected(ClusterState state, int key) => (C % 7) switch
    {
        0 => 0,
        1 => KvTable.AnyRevision,
        2 => state.Kv.Get($"key{key}")?.Revision ?? 3,
        3 => C,
        _ => null,
    };
}

internal static class Scripts
{
    private static readonly (int Weight, string Kind)[] LockKinds =
        [(12, "acquire"), (4, "together"), (5, "release"), (2, "renew"), (1, "cancel"), (1, "force"), (1, "open"), (1, "alive"), (1, "close"), (2, "clock")];

    private static readonly (int Weight, string Kind)[] ElectionKinds = [(5, "campaign"), (1, "proclaim"), (2, "steady"), (2, "resign")];

    private static readonly (int Weight, string Kind)[] EventKinds = [(4, "publish"), (1, "route")];

    private static readonly (int Weight, string Kind)[] CacheKinds = [(3, "cache"), (1, "uncache")];

    private static readonly (int Weight, string Kind)[] OtherKinds = [(6, "put"), (2, "delete"), (2, "txn"), (1, "register"), (1, "retire"), .. CacheKinds, .. ElectionKinds, .. EventKinds];

    public static Gen<ScriptStep[]> Locks { get; } = Of(LockKinds);

    public static Gen<ScriptStep[]> Keys { get; } = Of([(6, "put"), (3, "delete"), (1, "clock")]);

    public static Gen<ScriptStep[]> Cache { get; } = Of([.. CacheKinds, (1, "clock")]);

    public static Gen<ScriptStep[]> Queues { get; } = Of([.. QueueSteps.Kinds, (2, "clock")]);

    public static Gen<ScriptStep[]> Histories { get; } = Of([(6, "put"), (3, "delete"), (2, "txn"), (1, "clock")]);

    public static Gen<ScriptStep[]> Elections { get; } = Of([.. ElectionKinds, (1, "open"), (1, "alive"), (1, "close"), (1, "clock")]);

    public static Gen<ScriptStep[]> Events { get; } = Of(EventKinds);

    /// <summary>Everything that followers get.</summary>
    public static Gen<ScriptStep[]> Documents { get; } = Of([.. DocumentSteps.Kinds, .. BlobSteps.Kinds, (1, "clock")]);

    public static Gen<ScriptStep[]> Blobs { get; } = Of([.. BlobSteps.Kinds, (1, "clock")]);

    public static Gen<ScriptStep[]> Everything { get; } = Of([.. LockKinds, .. OtherKinds, .. QueueSteps.Kinds, .. DocumentSteps.Kinds, .. BlobSteps.Kinds]);

    /// <summary>Transactions over primitives that are busy.</summary>
    public static Gen<ScriptStep[]> Transactions { get; } = Of(
        [(40, "txn"), (8, "acquire"), (6, "campaign"), (2, "configure"), (8, "enqueue"), (8, "dequeue"), (4, "collect"), (4, "write"), (4, "put"), (2, "clock")]);

    /// <summary>Takes a step. Answers the command it came to, null when only time passed, and the command's result.</summary>
    public static (Command? Command, CommandResult Result) Play(Replica replica, ScriptStep step)
    {
        replica.Advance(step.PassMs);
        var command = step.Resolve(replica.State);
        if (command is not null)
        {
            return (command, replica.Apply(command, key: step.C % 9 == 0 ? $"retry{step.A % 5}" : null, reason: step.B % 5 == 0 ? $"because {step.C}" : null));
        }

        replica.Clock();
        return (null, new CommandResult.Done());
    }

    /// <summary>A clock that is put back, or forward by an hour or by more than a day.</summary>
    private static readonly Gen<int> Jumps = Gen.Elements(-5_000, 3_600_000, 100_000_000);

    private static Gen<ScriptStep[]> Of((int Weight, string Kind)[] kinds)
    {
        var step =
            from kind in Gen.Frequency([.. kinds.Select(each => (each.Weight, Gen.Constant(each.Kind)))])
            from a in Gen.Choose(0, 1000)
            from b in Gen.Choose(0, 1000)
            from c in Gen.Choose(0, 1000)
            from passMs in Gen.Frequency((120, Gen.Constant(0)), (40, Gen.Choose(1, 5)), (10, Gen.Choose(10, 60)), (1, Jumps))
            select new ScriptStep(kind, a, b, c, passMs);
        return step.ArrayOf(120);
    }
}
