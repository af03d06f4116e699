using System.Diagnostics;
using Quorate.Core.StateMachine.Queues;

namespace Quorate.Core.StateMachine.Transactions;

/// <summary>What a transaction asks of the state before it changes anything.</summary>
internal static class TransactionRules
{
    public static bool Holds(Condition condition, ClusterState state) => condition switch
    {
        KvCondition key => Compare(Field(key, state), key.Relation, key.Operand),
        KvValueCondition value => state.Kv.Get(value.Key) is { } item && JsonTokens.Equal(item.Value.Span, value.Value.Span) == value.Equal,
        LockCondition held => state.Locks.Get(held.Name) is { } found
            && found.Holds.Any(hold => hold.Token == held.Token && (held.Owner is null || held.Owner == hold.Owner)),
        LockHeldCondition held => held.Held == (state.Locks.Get(held.Name) is { Holds.Count: > 0 } found
            && (held.Owner is null || found.HoldOf(held.Owner) is not null)),
        QueueCondition queue => state.Queues.Get(queue.Name) is { } found && Compare(Field(queue.Field, found), queue.Relation, queue.Operand),
        QueueExistsCondition queue => queue.Exists == state.Queues.Get(queue.Name) is not null,
        ElectionCondition election => election.Led == (state.Elections.Get(election.Name)?.Leader is { } leader
            && (election.Leader is null || election.Leader == leader.Candidate.Name)
            && (election.Token is null || election.Token == leader.Token)),
        DocumentCondition document => Holds(document, state.Documents.Get(document.Collection)?.Get(document.Key)?.Rev),
        _ => throw new UnreachableException(condition.GetType().Name),
    };

    private static bool Holds(DocumentCondition condition, string? rev) => condition switch
    {
        { Rev: "" } => condition.Equal == rev is null,
        _ => rev is not null && rev == condition.Rev == condition.Equal,
    };

    private static long Field(QueueField field, MessageQueue queue) => field switch
    {
        QueueField.Ready => queue.Ready,
        QueueField.Delayed => queue.Delayed,
        QueueField.InFlight => queue.InFlight,
        QueueField.Dead => queue.Dead,
        QueueField.Length => queue.Length,
        _ => throw new UnreachableException(field.ToString()),
    };

    private static long Field(KvCondition condition, ClusterState state) => state.Kv.Get(condition.Key) is not { } item
        ? 0
        : condition.Field switch
        {
            KvField.Revision => item.Revision,
            KvField.CreateRevision => item.CreateRevision,
            KvField.Version => item.Version,
            _ => throw new UnreachableException(condition.Field.ToString()),
        };

    private static bool Compare(long value, Relation relation, long operand) => relation switch
    {
        Relation.Equal => value == operand,
        Relation.NotEqual => value != operand,
        Relation.Less => value < operand,
        Relation.Greater => value > operand,
        _ => throw new UnreachableException(relation.ToString()),
    };
}
