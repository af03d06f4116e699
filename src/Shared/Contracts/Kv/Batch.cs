using System.Text.Json;

namespace Quorate.Contracts.Kv;

/// <summary>Independent operations in one request. They share one round of consensus; each succeeds or fails on its own, in order.</summary>
/// <param name="Operations">1 to 1000.</param>
public sealed record BatchRequest(IReadOnlyList<Operation> Operations);

public sealed record BatchResponse(IReadOnlyList<BatchResult> Results);

/// <summary>The result of one operation.</summary>
/// <param name="Ok">Whether it was carried out.</param>
/// <param name="Code">When not: one of <see cref="Problems.ErrorCodes"/>.</param>
/// <param name="Revision">Of the key after a put or delete, or as read by a get.</param>
/// <param name="Created">Of a put: whether the key or document is new.</param>
/// <param name="Value">Of a get: the value.</param>
/// <param name="Current">With <c>revision_mismatch</c> and <c>rev_conflict</c>: what there is instead; null when it does not exist.</param>
/// <param name="Detail">When not, and it is not about a key: what happened, and what to do.</param>
public sealed record BatchResult(
    bool Ok,
    string? Code = null,
    long? Revision = null,
    bool? Created = null,
    JsonElement? Value = null,
    BatchCurrent? Current = null,
    string? Detail = null) : OperationResult;

/// <param name="Revision">Of a key; null for a document.</param>
/// <param name="Rev">Of a document; null for a key.</param>
public sealed record BatchCurrent(JsonElement Value, long? Revision = null, string? Rev = null);
