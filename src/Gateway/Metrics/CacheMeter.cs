using System.Diagnostics.Metrics;
using Quorate.Contracts.Cache;
using Quorate.Gateway.Cache;

namespace Quorate.Gateway.Metrics;

/// <summary>The instruments of the cache.</summary>
internal static class CacheMeter
{
    public static void Register(Meter meter, CacheService cache)
    {
        meter.CreateObservableCounter("quorate_cache_reads_total", () => Reads(cache.Reads), description: "Reads of the cache, by the layer that answered.");
        Layers("quorate_cache_bytes", stats => (stats.Local.Bytes, stats.Cluster.Bytes), "Bytes of the values that a layer holds.");
        Layers("quorate_cache_entries", stats => (stats.Local.Entries, stats.Cluster.Entries), "Keys whose values a layer holds.");
        Layers("quorate_cache_evicted", stats => (stats.Local.Evicted, stats.Cluster.Evicted), "Values that gave way to others.");
        meter.CreateObservableGauge(
            "quorate_redis_up", () => cache.Stats().Redis.State switch { RedisStates.Up => [new(1)], RedisStates.Off => [], _ => (Measurement<int>[])[new(0)] },
            description: "Whether the configured Redis answers.");
        meter.CreateObservableCounter("quorate_redis_failures_total", () => cache.Redis.Failures, description: "Requests to Redis that failed or were not answered in time.");
        meter.CreateObservableCounter("quorate_redis_skipped_total", () => cache.Redis.Skipped, description: "Requests that went on without Redis while it was down.");

        void Layers(string name, Func<CacheStats, (long Local, long Cluster)> value, string description) =>
            meter.CreateObservableGauge(
                name,
                () => value(cache.Stats()) is var (local, cluster) ? (Measurement<long>[])[Of(local, CacheLayers.Local), Of(cluster, CacheLayers.Cluster)] : [],
                description: description);
    }

    private static Measurement<long>[] Reads(CacheReads reads) =>
    [
        Of(reads.Local, CacheLayers.Local), Of(reads.Cluster, CacheLayers.Cluster), Of(reads.Redis, CacheLayers.Redis), Of(reads.Misses, "none"),
    ];

    private static Measurement<long> Of(long value, string layer) => new(value, new KeyValuePair<string, object?>("layer", layer));
}
