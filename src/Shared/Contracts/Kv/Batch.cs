using System.Text.Json;

namespace Quorate.Contracts.Kv;

/// <summary>Independent operations in one request. They share one round of consensus; each succeeds or fails on its own, in order.</summary>
/// <param name="Operations">1 to 1000.</param>
public sealed record BatchRequest(IReadOnlyList<BatchOperation> Operations);

/// <param name="Op"><c>put</c>, <c>delete</c> or <c>get</c>.</param>
/// <param name="Value">Of a put: any JSON value.</param>
/// <param name="TtlMs">Of a put: milliseconds until the key expires.</param>
/// <param name="IfRevision">Of put and delete: the revision the key must have; 0: it must not exist.</param>
public sealed record BatchOperation(string Op, string Key, JsonElement? Value = null, long? TtlMs = null, long? IfRevision = null);

public sealed record BatchResponse(IReadOnlyList<BatchResult> Results);

/// <summary>The result of one operation.</summary>
/// <param name="Ok">Whether it was carried out.</param>
/// <param name="Code">When not: one of <see cref="Problems.ErrorCodes"/>.</param>
/// <param name="Revision">Of the key after a put or delete, or as read by a get.</param>
/// <param name="Created">Of a put: whether the key is new.</param>
/// <param name="Value">Of a get: the value.</param>
/// <param name="Current">With <c>revision_mismatch</c>: what the key holds instead; null when it does not exist.</param>
public sealed record BatchResult(
    bool Ok, string? Code = null, long? Revision = null, bool? Created = null, JsonElement? Value = null, BatchCurrent? Current = null);

public sealed record BatchCurrent(JsonElement Value, long Revision);
