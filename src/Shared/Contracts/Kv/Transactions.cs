using System.Text.Json;
using System.Text.Json.Serialization;

namespace Quorate.Contracts.Kv;

/// <summary>
/// Several operations as one: nobody ever sees a part of it, and when one of them cannot be carried out, none is. At most 1000 conditions and
/// operations together.
/// </summary>
/// <param name="Compare">What must hold; none holds always.</param>
/// <param name="Then">What is done when all of it holds. A branch changes a thing once.</param>
/// <param name="Else">What is done when not.</param>
public sealed record TransactionRequest(
    IReadOnlyList<TransactionCompare>? Compare = null,
    IReadOnlyList<Operation>? Then = null,
    IReadOnlyList<Operation>? Else = null);

/// <summary>One condition, on one thing: what is compared goes with what it is compared on.</summary>
/// <param name="Key">A key: with one of <c>revision</c>, <c>createRevision</c>, <c>version</c>, <c>exists</c> and <c>value</c>. With <c>collection</c>, a document of it.</param>
/// <param name="Lock">A lock: with <c>fencingToken</c>, or <c>held</c>, or <c>owner</c> alone.</param>
/// <param name="Queue">A queue: with one of <c>length</c>, <c>ready</c>, <c>delayed</c>, <c>inFlight</c>, <c>dead</c> and <c>exists</c>.</param>
/// <param name="Election">An election: with <c>leader</c>, <c>fencingToken</c>, both, or <c>held</c>.</param>
/// <param name="Collection">The collection of a document: with <c>key</c>, and one of <c>rev</c> and <c>exists</c>.</param>
/// <param name="Op">How numbers, values and revisions compare: <c>=</c> (default), <c>!=</c>, <c>&lt;</c>, <c>&gt;</c>; values and documents only the first two.</param>
/// <param name="Revision">Of the key's last write; a key that does not exist has 0.</param>
/// <param name="CreateRevision">Of the write that created the key; a key that does not exist has 0.</param>
/// <param name="Version">Writes since the key was created; a key that does not exist has 0.</param>
/// <param name="Exists">Whether the key, the queue or the document must exist, or must not.</param>
/// <param name="Value">The JSON value; white space does not matter, the order of members does. A key that does not exist never compares.</param>
/// <param name="FencingToken">The lock must be held, or the election led, with this token.</param>
/// <param name="Owner">The lock must be held by this owner; null: by any.</param>
/// <param name="Held">Whether the lock must be held or the election led, or must not.</param>
/// <param name="Leader">The candidate that must lead; null: any.</param>
/// <param name="Rev">The document's revision. A document that does not exist never compares.</param>
/// <param name="Length">Messages ready or delayed. A queue that does not exist never compares.</param>
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
    string? Owner = null,
    bool? Held = null,
    string? Queue = null,
    long? Length = null,
    long? Ready = null,
    long? Delayed = null,
    long? InFlight = null,
    long? Dead = null,
    string? Election = null,
    string? Leader = null,
    string? Collection = null,
    string? Rev = null);

/// <param name="Succeeded">Whether every condition held, and so <c>then</c> was done; otherwise <c>else</c> was.</param>
/// <param name="Revision">Log index of the transaction: the revision of every key that it wrote.</param>
/// <param name="Results">One for each operation of that branch, in order.</param>
public sealed record TransactionResponse(bool Succeeded, long Revision, IReadOnlyList<TransactionResult> Results);

/// <param name="Key">Of put, delete and get: which.</param>
/// <param name="Exists">Whether the key or document existed: for a put and a delete before it, for a get at its place in the transaction; null for other operations.</param>
/// <param name="Revision">Of a put: its own; of a get: the key's; null when the key does not exist, and for other operations.</param>
/// <param name="Value">Of a get: the value.</param>
public sealed record TransactionResult(string Op, string? Key = null, bool? Exists = null, long? Revision = null, JsonElement? Value = null) : OperationResult;
