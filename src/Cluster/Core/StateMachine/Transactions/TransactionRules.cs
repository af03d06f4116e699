using System.Diagnostics;

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
        _ => throw new UnreachableException(condition.GetType().Name),
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
