using System.Text.Json;
using Quorate.Contracts;
using Quorate.Contracts.Cache;
using Quorate.Contracts.Kv;

namespace Quorate.Client;

public sealed partial class QuorateClient
{
    /// <summary>Reads a value of the cache.</summary>
    /// <param name="fresh">
    /// False: the value may have been overwritten or deleted up to about a second ago. True: it sees every write that was acknowledged before.
    /// </param>
    /// <exception cref="QuorateException"><c>cache_miss</c>.</exception>
    public Task<CacheView> GetCachedAsync(string key, bool fresh = false, CancellationToken cancellation = default)
    {
        var request = Request(HttpMethod.Get, Routes.CacheKey(key));
        if (fresh)
        {
            request.Headers.CacheControl = new() { NoCache = true };
        }

        return SendAsync<CacheView>(request, cancellation);
    }

    /// <summary>Writes a value to the cache.</summary>
    /// <param name="ttlMs">1 ms to 365 days; null: until it gives way to newer ones.</param>
    public Task<PutCacheResponse> PutCachedAsync(
        string key, JsonElement? value, long? ttlMs = null, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync<PutCacheResponse>(Request(HttpMethod.Put, Routes.CacheKey(key), new PutKeyRequest(value, ttlMs), reason), cancellation);

    /// <summary>Takes a key out of the cache, in every layer and at every gateway.</summary>
    public Task<DeleteCacheResponse> DeleteCachedAsync(string key, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync<DeleteCacheResponse>(Request(HttpMethod.Delete, Routes.CacheKey(key), reason: reason), cancellation);

    public Task<CacheStats> GetCacheStatsAsync(CancellationToken cancellation = default) => GetAsync<CacheStats>(Routes.CacheStats, cancellation);
}
