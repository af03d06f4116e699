using System.Text.Json;

namespace Quorate.Contracts.Kv;

/// <param name="Value">Any JSON value.</param>
/// <param name="TtlMs">Milliseconds until the key expires: 1 to 31,536,000,000. Null: never.</param>
public sealed record PutKeyRequest(JsonElement? Value, long? TtlMs = null);

/// <param name="Revision">Log index of the write; every later write of any key has a higher one.</param>
public sealed record PutKeyResponse(string Key, long Revision, bool Created);

public sealed record DeleteKeyResponse(string Key, long Revision);

/// <summary>A key with its value.</summary>
/// <param name="Value">The JSON value; null in lists and live messages when it is larger than 4 KiB (see <paramref name="Truncated"/>).</param>
/// <param name="Revision">Revision of the last write.</param>
/// <param name="CreateRevision">Revision of the write that created the key.</param>
/// <param name="Version">Writes since creation, from 1.</param>
/// <param name="Size">Bytes of the value as UTF-8 JSON.</param>
public sealed record KeyView(
    string Key,
    JsonElement? Value,
    long Revision,
    long CreateRevision,
    long Version,
    DateTimeOffset ModifiedAt,
    DateTimeOffset? ExpiresAt,
    int Size,
    bool Truncated = false);

/// <summary>One state that a key was in.</summary>
/// <param name="Change">One of <see cref="KeyChangeKinds"/>.</param>
/// <param name="At">When it was written.</param>
/// <param name="Value">The JSON value; null for an end of the key, and in lists when it is larger than 64 KiB (see <paramref name="Truncated"/>).</param>
/// <param name="Version">Writes since the key was created, from 1; 0 for an end of the key.</param>
/// <param name="Size">Bytes of the value as UTF-8 JSON.</param>
/// <param name="Reason">Why, as the writer said in X-Reason.</param>
public sealed record KeyRevisionView(
    long Revision, string Change, DateTimeOffset At, JsonElement? Value, long Version, int Size, string? Reason, bool Truncated = false);

/// <summary>What a write made of a key.</summary>
public static class KeyChangeKinds
{
    public const string Put = "put";
    public const string Deleted = "deleted";
    public const string Expired = "expired";
}
