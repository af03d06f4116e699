using Quorate.Backends.Redis;
using Quorate.Contracts.Cache;
using Quorate.Core.StateMachine.Cache;

namespace Quorate.Gateway.Cache;

/// <summary>How the cache does.</summary>
internal sealed partial class CacheService
{
    /// <summary>All reads so far.</summary>
    public CacheReads Reads => _counts.Total;

    public CacheStats Stats()
    {
        var status = Redis.Status;
        return new CacheStats(
            status.State is RedisState.Down ? CacheStates.Degraded : CacheStates.Ok,
            _counts.Total,
            _counts.ByPrefix(),
            Interlocked.Read(ref _shared),
            LocalStats(),
            _cluster.Peek(state => Of(state.Cache)),
            new RedisCacheStats(
                Of(status.State),
                status.Address,
                status.Since,
                status.Failure,
                status.RetryAt,
                Redis.Failures,
                Redis.Skipped,
                Interlocked.Read(ref _outdated),
                _postponed.Count));
    }

    private LocalCacheStats LocalStats()
    {
        var (entries, bytes, evicted, rejected, removed) = _local.Figures;
        return new LocalCacheStats(entries, bytes, _options.LocalBytes, evicted, rejected, removed);
    }

    private static ClusterCacheStats Of(CacheTable table) => new(
        table.Count - table.Spilled,
        table.Spilled,
        table.Bytes,
        CacheTable.MaxBytes,
        CacheTable.MaxKeys,
        table.Counters.Spilled,
        table.Counters.Dropped,
        table.Counters.Expired);

    private static string Of(RedisState state) => state switch
    {
        RedisState.Off => RedisStates.Off,
        RedisState.Connecting => RedisStates.Connecting,
        RedisState.Up => RedisStates.Up,
        RedisState.Down => RedisStates.Down,
        _ => throw new System.Diagnostics.UnreachableException(state.ToString()),
    };
}
