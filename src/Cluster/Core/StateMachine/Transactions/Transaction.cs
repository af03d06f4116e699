using Quorate.Core.StateMachine.Kv;

namespace Quorate.Core.StateMachine.Transactions;

/// <summary>
/// Several operations as one: when every condition holds, all of <paramref name="Then"/> are applied, else all of <paramref name="Else"/>.
/// Either way at one index and time, and nobody sees a part of it.
/// </summary>
/// <remarks>
/// Nothing is ever taken back: an operation belongs here only if it cannot fail once the conditions are checked.
/// </remarks>
public sealed record Transaction(IReadOnlyList<Condition> Compare, IReadOnlyList<Command> Then, IReadOnlyList<Command> Else) : Command
{
    /// <summary>Conditions and operations of both branches together.</summary>
    public const int MaxOperations = 1000;

    /// <summary>Whether a command may stand in a transaction. Preconditions of its own would be a second way to say what conditions say.</summary>
    public static bool Allows(Command command) =>
        command is KvPut { Expected: null } or KvDelete { Expected: null } or KvRead;
}

/// <summary>What must hold for the first branch of a transaction. A closed hierarchy: <see cref="TransactionCodec"/> knows every case.</summary>
public abstract record Condition;

public enum KvField : byte
{
    /// <summary>0 when the key does not exist; so are the others.</summary>
    Revision = 1,
    CreateRevision = 2,
    Version = 3,
}

public enum Relation : byte
{
    Equal = 1,
    NotEqual = 2,
    Less = 3,
    Greater = 4,
}

/// <summary>A number of a key compares with <paramref name="Operand"/>.</summary>
public sealed record KvCondition(string Key, KvField Field, Relation Relation, long Operand) : Condition;

/// <summary>A key has a value, or exists and has another.</summary>
/// <param name="Value">UTF-8 JSON; compared token by token, so that white space and escapes do not matter, but the order of members does.</param>
/// <param name="Equal">Whether it must be this value or must be another.</param>
public sealed record KvValueCondition(string Key, bool Equal, ReadOnlyMemory<byte> Value) : Condition;

/// <summary>A lock is held with a fencing token.</summary>
/// <param name="Owner">By this owner; null: by any.</param>
public sealed record LockCondition(string Name, string? Owner, long Token) : Condition;
