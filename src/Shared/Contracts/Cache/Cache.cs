using System.Text.Json;

namespace Quorate.Contracts.Cache;

/// <param name="Revision">Log index of the write; it replaces every earlier value of the key, in every layer.</param>
public sealed record PutCacheResponse(string Key, long Revision, DateTimeOffset? ExpiresAt);

/// <param name="Deleted">Whether there was anything to delete.</param>
public sealed record DeleteCacheResponse(string Key, long Revision, bool Deleted);

/// <summary>A value of the cache.</summary>
/// <param name="Size">Bytes of the value.</param>
/// <param name="Layer">Where it was found, one of <see cref="CacheLayers"/>.</param>
public sealed record CacheView(
    string Key, JsonElement Value, long Revision, DateTimeOffset WrittenAt, DateTimeOffset? ExpiresAt, int Size, string Layer);

/// <summary>The layers of the cache, in the order in which a read asks them.</summary>
public static class CacheLayers
{
    /// <summary>The gateway's own memory.</summary>
    public const string Local = "local";

    /// <summary>The replicated state.</summary>
    public const string Cluster = "cluster";

    public const string Redis = "redis";
}
