using System.Runtime.InteropServices;
using System.Text.Json;
using Quorate.Contracts.Kv;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Kv;
using Quorate.Core.StateMachine.Transactions;
using Quorate.Gateway.Endpoints.Binding;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints;

/// <summary>Checks the body of a transaction and turns it into a command.</summary>
/// <remarks>Throws <see cref="InvalidArgumentException"/> for the first member that is not valid, named by its place: <c>then[3].key</c>.</remarks>
internal static class TransactionRequests
{
    public static Transaction ToCommand(TransactionRequest request)
    {
        var (compare, then, otherwise) = (request.Compare ?? [], request.Then ?? [], request.Else ?? []);
        if (compare.Count + then.Count + otherwise.Count > Transaction.MaxOperations)
        {
            throw new InvalidArgumentException(
                compare.Count > Transaction.MaxOperations ? "compare" : "then",
                $"A transaction has at most {Transaction.MaxOperations} conditions and operations together.");
        }

        return new Transaction(
            [.. compare.Select((condition, i) => Condition($"compare[{i}]", condition))], Branch("then", then), Branch("else", otherwise));
    }

    private static Command[] Branch(string branch, IReadOnlyList<TransactionOperation> operations)
    {
        var written = new HashSet<string>(StringComparer.Ordinal);
        var commands = new Command[operations.Count];
        for (var i = 0; i < commands.Length; i++)
        {
            var at = $"{branch}[{i}]";
            commands[i] = Operation(at, operations[i] ?? throw NotAnObject(at));
            if (commands[i] is not KvRead && !written.Add(operations[i].Key))
            {
                throw new InvalidArgumentException($"{at}.key", $"'{at}.key' is written by an operation before: a branch writes a key once.");
            }
        }

        return commands;
    }

    private static Command Operation(string at, TransactionOperation operation)
    {
        var key = Names.Require($"{at}.key", operation.Key);
        return operation.Op switch
        {
            "put" => new KvPut(
                key,
                Durations.Require($"{at}.ttlMs", operation.TtlMs, PutKeyBody.MinTtlMs, PutKeyBody.MaxTtlMs),
                Expected: null,
                Value($"{at}.value", operation.Value)),
            "delete" => new KvDelete(key, Expected: null),
            "get" => new KvRead(key),
            _ => throw new InvalidArgumentException($"{at}.op", $"'{at}.op' must be put, delete or get."),
        };
    }

    private static Condition Condition(string at, TransactionCompare? compare) => compare switch
    {
        null => throw NotAnObject(at),
        { Key: not null, Lock: not null } or { Key: null, Lock: null } => throw new InvalidArgumentException(at, $"'{at}' names one of key and lock."),
        { Lock: { } name } => new LockCondition(
            Names.Require($"{at}.lock", name),
            compare.Owner is { } owner ? Names.Require($"{at}.owner", owner) : null,
            compare.FencingToken ?? throw new InvalidArgumentException($"{at}.fencingToken", $"'{at}.fencingToken' is required.")),
        _ => OfKey(at, Names.Require($"{at}.key", compare.Key), compare),
    };

    private static Condition OfKey(string at, string key, TransactionCompare compare)
    {
        var relation = RelationOf($"{at}.op", compare.Op);
        var hasValue = compare.Value.ValueKind != JsonValueKind.Undefined;
        (KvField Field, long? Operand)[] numbers =
            [(KvField.Revision, compare.Revision), (KvField.CreateRevision, compare.CreateRevision), (KvField.Version, compare.Version)];
        var given = numbers.Where(number => number.Operand is not null).ToArray();
        if (given.Length + (hasValue ? 1 : 0) + (compare.Exists is null ? 0 : 1) != 1)
        {
            throw new InvalidArgumentException(at, $"'{at}' compares one of revision, createRevision, version, exists and value.");
        }

        if (given is [var only])
        {
            return new KvCondition(key, only.Field, relation, only.Operand!.Value);
        }

        if (relation is not (Relation.Equal or Relation.NotEqual) || (compare.Exists is not null && compare.Op is not null))
        {
            throw new InvalidArgumentException($"{at}.op", hasValue ? $"'{at}.op' must be = or != for a value." : $"'{at}.op' does not go with exists.");
        }

        return compare.Exists is { } exists
            ? new KvCondition(key, KvField.Revision, exists ? Relation.Greater : Relation.Equal, 0)
            : new KvValueCondition(key, relation == Relation.Equal, Value($"{at}.value", compare.Value));
    }

    private static Relation RelationOf(string field, string? op) => op switch
    {
        null or "=" => Relation.Equal,
        "!=" => Relation.NotEqual,
        "<" => Relation.Less,
        ">" => Relation.Greater,
        _ => throw new InvalidArgumentException(field, $"'{field}' must be =, !=, < or >."),
    };

    /// <summary>The bytes that the client sent, checked as those of a single put are.</summary>
    private static byte[] Value(string field, JsonElement value) => value.ValueKind == JsonValueKind.Undefined
        ? throw new InvalidArgumentException(field, $"'{field}' is required; it may be null.")
        : JsonBody.Checked(JsonMarshal.GetRawUtf8Value(value), field);

    private static InvalidArgumentException NotAnObject(string at) => new(at, $"'{at}' must be an object.");
}
