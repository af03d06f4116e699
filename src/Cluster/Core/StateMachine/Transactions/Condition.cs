namespace Quorate.Core.StateMachine.Transactions;

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

/// <summary>A lock is held, or is not.</summary>
/// <param name="Owner">By this owner; null: by anybody.</param>
public sealed record LockHeldCondition(string Name, string? Owner, bool Held) : Condition;

public enum QueueField : byte
{
    Ready = 1,
    Delayed = 2,
    InFlight = 3,
    Dead = 4,

    /// <summary>Ready and delayed: what the queue's limit counts.</summary>
    Length = 5,
}

/// <summary>A number of messages compares with <paramref name="Operand"/>. A queue that does not exist never compares.</summary>
public sealed record QueueCondition(string Name, QueueField Field, Relation Relation, long Operand) : Condition;

public sealed record QueueExistsCondition(string Name, bool Exists) : Condition;

/// <summary>Somebody leads an election, or nobody who fits does.</summary>
/// <param name="Leader">This candidate; null: anybody.</param>
/// <param name="Token">With the fencing token of this term; null: with any.</param>
public sealed record ElectionCondition(string Name, string? Leader, long? Token, bool Led) : Condition;

/// <summary>A document has a revision, or exists and has another.</summary>
/// <param name="Rev">Empty: the document does not exist.</param>
/// <param name="Equal">Whether it must be this revision or must be another.</param>
public sealed record DocumentCondition(string Collection, string Key, string Rev, bool Equal) : Condition;
