namespace Quorate.Contracts.Cache;

/// <summary>How the cache does, as this gateway sees it. Counts are since the gateway started, those of <see cref="Cluster"/> since the cluster began.</summary>
/// <param name="State"><c>ok</c>, or <c>degraded</c> while a configured Redis does not answer.</param>
/// <param name="Total">All reads.</param>
/// <param name="Prefixes">Reads by the first segment of the key, up to <c>:</c> or <c>/</c>; the busiest first, at most 100.</param>
/// <param name="SharedLookups">Reads that took part in the lookup of another read of the same key, instead of making one of their own.</param>
public sealed record CacheStats(
    string State,
    CacheReads Total,
    IReadOnlyList<CachePrefix> Prefixes,
    long SharedLookups,
    LocalCacheStats Local,
    ClusterCacheStats Cluster,
    RedisCacheStats Redis);

public static class CacheStates
{
    public const string Ok = "ok";
    public const string Degraded = "degraded";
}

/// <summary>Reads, by where they ended.</summary>
/// <param name="HitRate">Share of reads that found a value, 0 to 1; null when there were none.</param>
public sealed record CacheReads(long Reads, long Local, long Cluster, long Redis, long Misses, double? HitRate);

/// <param name="Prefix">Empty for keys without <c>:</c> and <c>/</c>; <c>*</c> for all prefixes beyond those that are counted one by one.</param>
public sealed record CachePrefix(string Prefix, CacheReads Reads);

/// <param name="Evicted">Values that gave way to others.</param>
/// <param name="Rejected">Values that were not taken in: what they would have replaced is read more often.</param>
/// <param name="Invalidated">Values that went because the key was written, deleted or expired.</param>
public sealed record LocalCacheStats(long Entries, long Bytes, long MaxBytes, long Evicted, long Rejected, long Invalidated);

/// <param name="Entries">Keys whose values are in the replicated state.</param>
/// <param name="Spilled">Keys whose values gave way: only Redis may still have them.</param>
/// <param name="Evicted">Values that gave way to newer ones.</param>
/// <param name="Dropped">Keys that were forgotten, because there were too many.</param>
public sealed record ClusterCacheStats(
    long Entries, long Spilled, long Bytes, long MaxBytes, long MaxKeys, long Evicted, long Dropped, long Expired);

/// <param name="State"><c>off</c>, <c>connecting</c>, <c>up</c> or <c>down</c>.</param>
/// <param name="Address">Host and port; null when off.</param>
/// <param name="Since">When the state began.</param>
/// <param name="Failure">What went wrong last; null when nothing did.</param>
/// <param name="RetryAt">When it is asked again; null unless it is down.</param>
/// <param name="Failures">Requests that failed or were not answered in time.</param>
/// <param name="Skipped">Requests that went on without asking, while it was down.</param>
/// <param name="Outdated">Values that were read and not served, because the key has been written since.</param>
/// <param name="Pending">Keys written while it was away, which it gets when it is back.</param>
public sealed record RedisCacheStats(
    string State,
    string? Address,
    DateTimeOffset Since,
    string? Failure,
    DateTimeOffset? RetryAt,
    long Failures,
    long Skipped,
    long Outdated,
    long Pending);

public static class RedisStates
{
    public const string Off = "off";
    public const string Connecting = "connecting";
    public const string Up = "up";
    public const string Down = "down";
}

/// <summary>One second of the cache at this gateway: reads per second by where they ended, and what the layers held.</summary>
public sealed record CacheSample(
    DateTimeOffset At, double Local, double Cluster, double Redis, double Misses, long LocalBytes, long ClusterBytes);
