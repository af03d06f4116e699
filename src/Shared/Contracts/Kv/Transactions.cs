using System.Text.Json;
using System.Text.Json.Serialization;

namespace Quorate.Contracts.Kv;

/// <summary>Several operations as one: nobody ever sees a part of it. At most 1000 conditions and operations together.</summary>
/// <param name="Compare">What must hold; none holds always.</param>
/// <param name="Then">What is done when all of it holds. A branch writes a key once.</param>
/// <param name="Else">What is done when not.</param>
public sealed record TransactionRequest(
    IReadOnlyList<TransactionCompare>? Compare = null,
    IReadOnlyList<TransactionOperation>? Then = null,
    IReadOnlyList<TransactionOperation>? Else = null);

/// <summary>
/// One condition, on a key or on a lock. A key has one of <c>revision</c>, <c>createRevision</c>, <c>version</c>, <c>exists</c> and <c>value</c>;
/// a lock has <c>fencingToken</c>.
/// </summary>
/// <param name="Op">How numbers and values compare: <c>=</c> (default), <c>!=</c>, <c>&lt;</c>, <c>&gt;</c>; values only the first two.</param>
/// <param name="Revision">Of the key's last write; a key that does not exist has 0.</param>
/// <param name="CreateRevision">Of the write that created the key; a key that does not exist has 0.</param>
/// <param name="Version">Writes since the key was created; a key that does not exist has 0.</param>
/// <param name="Exists">Whether the key must exist, or must not.</param>
/// <param name="Value">The JSON value; white space does not matter, the order of members does. A key that does not exist never compares.</param>
/// <param name="FencingToken">The lock must be held with this token.</param>
/// <param name="Owner">The lock must be held by this owner; null: by any.</param>
public sealed record TransactionCompare(
    string? Key = null,
    string? Lock = null,
    string? Op = null,
    long? Revision = null,
    long? CreateRevision = null,
    long? Version = null,
    bool? Exists = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] JsonElement Value = default,
    long? FencingToken = null,
    string? Owner = null);

/// <param name="Op"><c>put</c>, <c>delete</c> or <c>get</c>.</param>
/// <param name="Value">Of a put: any JSON value.</param>
/// <param name="TtlMs">Of a put: milliseconds until the key expires, 1 to 31,536,000,000.</param>
public sealed record TransactionOperation(
    string Op,
    string Key,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] JsonElement Value = default,
    long? TtlMs = null);

/// <param name="Succeeded">Whether every condition held, and so <c>then</c> was done; otherwise <c>else</c> was.</param>
/// <param name="Revision">Log index of the transaction: the revision of every key that it wrote.</param>
/// <param name="Results">One for each operation of that branch, in order.</param>
public sealed record TransactionResponse(bool Succeeded, long Revision, IReadOnlyList<TransactionResult> Results);

/// <param name="Exists">Whether the key existed: for a put and a delete before it, for a get at its place in the transaction.</param>
/// <param name="Revision">Of a put: its own; of a get: the key's; null when the key does not exist.</param>
/// <param name="Value">Of a get: the value.</param>
public sealed record TransactionResult(string Op, string Key, bool Exists, long? Revision = null, JsonElement? Value = null);
