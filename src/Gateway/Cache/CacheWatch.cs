using Quorate.Backends.Redis;
using Quorate.Contracts.Cache;
using Quorate.Gateway.Live;

namespace Quorate.Gateway.Cache;

/// <summary>Looks at the cache once a second: samples for the charts, events when Redis comes and goes, and what Redis missed brought up to date.</summary>
internal sealed class CacheWatch(CacheService cache, ChangeFeed feed, TimeProvider time) : BackgroundService
{
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        cache.Redis.Changed += Report;
        cache.Redis.Start();
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        cache.Redis.Changed -= Report;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        var (before, at) = (cache.Reads, time.GetTimestamp());
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var stats = cache.Stats();
            var seconds = time.GetElapsedTime(at).TotalSeconds;
            feed.Add(new CacheSample(
                time.GetUtcNow(),
                (stats.Total.Local - before.Local) / seconds,
                (stats.Total.Cluster - before.Cluster) / seconds,
                (stats.Total.Redis - before.Redis) / seconds,
                (stats.Total.Misses - before.Misses) / seconds,
                stats.Local.Bytes,
                stats.Cluster.Bytes));
            (before, at) = (stats.Total, time.GetTimestamp());
            await cache.RefreshRedisAsync(stoppingToken);
        }
    }

    private void Report(RedisStatus status)
    {
        if (status.State == RedisState.Down)
        {
            feed.Report(
                status.Since,
                "system.redis.down",
                "warning",
                status.Address,
                $"Redis at {status.Address} does not answer ({status.Failure}): the cache goes on without it; values that gave way in the cluster are misses.");
        }
        else if (status.Failure is not null)
        {
            feed.Report(status.Since, "system.redis.up", "info", status.Address, $"Redis at {status.Address} answers again; it gets what it missed.");
        }
    }
}
