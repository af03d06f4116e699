using System.Runtime.InteropServices;
using System.Text.Json;
using Quorate.Contracts.Kv;
using Quorate.Core.StateMachine.Documents;
using Quorate.Core.StateMachine.Transactions;
using Quorate.Gateway.Endpoints.Binding;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints;

/// <summary>Checks the conditions of a transaction.</summary>
/// <remarks>Throws <see cref="InvalidArgumentException"/> for the first member that is not valid, named by its place: <c>compare[3].key</c>.</remarks>
internal static class ConditionRequests
{
    public static Condition ToCondition(string at, TransactionCompare compare)
    {
        var things = (compare.Key is null && compare.Collection is null ? 0 : 1)
            + (compare.Lock is null ? 0 : 1) + (compare.Queue is null ? 0 : 1) + (compare.Election is null ? 0 : 1);
        if (things != 1)
        {
            throw new InvalidArgumentException(at, $"'{at}' names one of key, lock, queue, election and collection.");
        }

        return compare switch
        {
            { Lock: { } name } => OfLock(at, Names.Require($"{at}.lock", name), compare),
            { Queue: { } name } => OfQueue(at, Names.Require($"{at}.queue", name), compare),
            { Election: { } name } => OfElection(at, Names.Require($"{at}.election", name), compare),
            { Collection: { } name } => OfDocument(at, Names.Require($"{at}.collection", name), Names.Require($"{at}.key", compare.Key), compare),
            _ => OfKey(at, Names.Require($"{at}.key", compare.Key), compare),
        };
    }

    private static Condition OfLock(string at, string name, TransactionCompare compare)
    {
        var owner = compare.Owner is { } given ? Names.Require($"{at}.owner", given) : null;
        return compare switch
        {
            { FencingToken: { } token, Held: null } => new LockCondition(name, owner, token),
            { FencingToken: null, Held: { } held } => new LockHeldCondition(name, owner, held),
            { FencingToken: null, Owner: not null } => new LockHeldCondition(name, owner, Held: true),
            _ => throw new InvalidArgumentException($"{at}.fencingToken", $"'{at}.fencingToken' is required, or one of held and owner."),
        };
    }

    private static Condition OfQueue(string at, string name, TransactionCompare compare)
    {
        var number = OneNumber(
            (QueueField.Length, compare.Length),
            (QueueField.Ready, compare.Ready),
            (QueueField.Delayed, compare.Delayed),
            (QueueField.InFlight, compare.InFlight),
            (QueueField.Dead, compare.Dead));
        return (number, compare.Exists) switch
        {
            (One<QueueField> one, null) => new QueueCondition(name, one.Field, RelationOf($"{at}.op", compare.Op), one.Operand),
            (null, { } exists) => new QueueExistsCondition(name, exists),
            _ => throw new InvalidArgumentException(at, $"'{at}' compares one of length, ready, delayed, inFlight, dead and exists."),
        };
    }

    private static ElectionCondition OfElection(string at, string name, TransactionCompare compare)
    {
        var leader = compare.Leader is { } given ? Names.Require($"{at}.leader", given) : null;
        return leader is null && compare.FencingToken is null && compare.Held is null
            ? throw new InvalidArgumentException(at, $"'{at}' compares leader, fencingToken or held.")
            : new ElectionCondition(name, leader, compare.FencingToken, compare.Held ?? true);
    }

    private static DocumentCondition OfDocument(string at, string collection, string key, TransactionCompare compare)
    {
        var equal = RelationOf($"{at}.op", compare.Op) switch
        {
            Relation.Equal => true,
            Relation.NotEqual => false,
            _ => throw new InvalidArgumentException($"{at}.op", $"'{at}.op' must be = or != for a document."),
        };
        return compare switch
        {
            { Rev: { Length: > 0 } rev, Exists: null } => new DocumentCondition(collection, key, rev, equal),
            { Rev: null, Exists: { } exists, Op: null } => new DocumentCondition(collection, key, DocumentTable.Absent, Equal: !exists),
            _ => throw new InvalidArgumentException(at, $"'{at}' compares one of rev and exists."),
        };
    }

    private static Condition OfKey(string at, string key, TransactionCompare compare)
    {
        var relation = RelationOf($"{at}.op", compare.Op);
        var hasValue = compare.Value.ValueKind != JsonValueKind.Undefined;
        (KvField Field, long? Operand)[] numbers =
            [(KvField.Revision, compare.Revision), (KvField.CreateRevision, compare.CreateRevision), (KvField.Version, compare.Version)];
        if (numbers.Count(number => number.Operand is not null) + (hasValue ? 1 : 0) + (compare.Exists is null ? 0 : 1) != 1)
        {
            throw new InvalidArgumentException(at, $"'{at}' compares one of revision, createRevision, version, exists and value.");
        }

        if (OneNumber(numbers) is { } only)
        {
            return new KvCondition(key, only.Field, relation, only.Operand);
        }

        if (relation is not (Relation.Equal or Relation.NotEqual) || (compare.Exists is not null && compare.Op is not null))
        {
            throw new InvalidArgumentException($"{at}.op", hasValue ? $"'{at}.op' must be = or != for a value." : $"'{at}.op' does not go with exists.");
        }

        return compare.Exists is { } exists
            ? new KvCondition(key, KvField.Revision, exists ? Relation.Greater : Relation.Equal, 0)
            : new KvValueCondition(key, relation == Relation.Equal, JsonBody.Checked(JsonMarshal.GetRawUtf8Value(compare.Value), $"{at}.value"));
    }

    /// <summary>The only number that was given; null when there is none, or more than one.</summary>
    private static One<T>? OneNumber<T>(params (T Field, long? Operand)[] numbers) =>
        numbers.Where(number => number.Operand is not null).ToArray() is [var only] ? new One<T>(only.Field, only.Operand!.Value) : null;

    private static Relation RelationOf(string field, string? op) => op switch
    {
        null or "=" => Relation.Equal,
        "!=" => Relation.NotEqual,
        "<" => Relation.Less,
        ">" => Relation.Greater,
        _ => throw new InvalidArgumentException(field, $"'{field}' must be =, !=, < or >."),
    };

    private sealed record One<T>(T Field, long Operand);
}
