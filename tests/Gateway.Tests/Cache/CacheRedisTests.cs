using System.Diagnostics;
using System.Net;
using Quorate.Contracts.Problems;
using Quorate.Core.StateMachine.Cache;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.Cache;

/// <summary>The cache before a real Redis that is killed, restarted, paused and fed with old values: slower at most, visible, never wrong.</summary>
public sealed class CacheRedisTests
{
    private const int Filler = 900_000;

    [RedisFact]
    public async Task Get_ValueThatGaveWayInTheCluster_ComesFromRedis()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var cluster = await StartAsync(redis);
        (await cluster.Api.PutAsync("/api/v1/cache/old", """{"value":"kept by redis"}""")).Ok();
        await SpillAsync(cluster);
        var got = (await Fresh(cluster, "old")).Ok();
        Assert.Equal("redis", got["layer"].GetString());
        Assert.Equal("kept by redis", got["value"].GetString());
    }

    [RedisFact]
    public async Task Get_RedisHasAnOlderValue_IsAMissAndCounted()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var cluster = await StartAsync(redis);
        (await cluster.Api.PutAsync("/api/v1/cache/k", """{"value":"first"}""")).Ok();
        var stored = (byte[])(await redis.ExecuteAsync("GET", "quorate:cache:k"))!;
        (await cluster.Api.PutAsync("/api/v1/cache/k", """{"value":"second"}""")).Ok();
        await SpillAsync(cluster);
        Assert.Equal("second", (await Fresh(cluster, "k")).Ok()["value"].GetString());

        // Redis restored from yesterday's backup.
        await redis.ExecuteAsync("SET", "quorate:cache:k", stored);
        (await Fresh(cluster, "k")).Problem(HttpStatusCode.NotFound, ErrorCodes.CacheMiss);
        var stats = (await cluster.Api.GetAsync("/api/v1/cache:stats")).Ok();
        Assert.Equal(1, stats["redis"].GetProperty("outdated").GetInt64());
    }

    [RedisFact]
    public async Task Get_AfterDelete_RedisIsNotAsked()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var cluster = await StartAsync(redis);
        (await cluster.Api.PutAsync("/api/v1/cache/k", """{"value":1}""")).Ok();
        var stored = (byte[])(await redis.ExecuteAsync("GET", "quorate:cache:k"))!;
        (await cluster.Api.DeleteAsync("/api/v1/cache/k")).Ok();

        // On a busy machine Redis may take longer than it is waited for; then it is told later.
        await Eventually.HoldsAsync(async () => (await redis.ExecuteAsync("GET", "quorate:cache:k")).IsNull);
        await redis.ExecuteAsync("SET", "quorate:cache:k", stored);
        (await Fresh(cluster, "k")).Problem(HttpStatusCode.NotFound, ErrorCodes.CacheMiss);
    }

    [RedisFact]
    public async Task Put_WithTtl_LivesAsLongInRedis()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var cluster = await StartAsync(redis);
        (await cluster.Api.PutAsync("/api/v1/cache/k", """{"value":1,"ttlMs":60000}""")).Ok();
        Assert.InRange((long)await redis.ExecuteAsync("PTTL", "quorate:cache:k"), 30_000, 60_000);
    }

    [RedisFact]
    public async Task Redis_KilledAndRestarted_RequestsGoOnAndItGetsWhatItMissed()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var cluster = await StartAsync(redis);
        (await cluster.Api.PutAsync("/api/v1/cache/k", """{"value":"before"}""")).Ok();
        redis.Kill();
        await RequestsStayBoundedAsync(cluster);
        (await cluster.Api.PutAsync("/api/v1/cache/k", """{"value":"meanwhile"}""")).Ok();
        await StateAsync(cluster, "down");
        Assert.Equal("degraded", (await cluster.Api.GetAsync("/api/v1/cache:stats")).Ok()["state"].GetString());
        Assert.Contains("quorate_redis_up 0", (await cluster.Api.GetAsync("/metrics")).Text);
        Assert.Equal("meanwhile", (await Fresh(cluster, "k")).Ok()["value"].GetString());

        await redis.StartAgainAsync();
        await StateAsync(cluster, "up");
        await Eventually.HoldsAsync(async () => ((string?)await redis.ExecuteAsync("GET", "quorate:cache:k"))?.EndsWith("\"meanwhile\"", StringComparison.Ordinal) == true);
        await SpillAsync(cluster);
        Assert.Equal("meanwhile", (await Fresh(cluster, "k")).Ok()["value"].GetString());
    }

    [RedisFact]
    public async Task Redis_HangsAndComesBackWithTheOldValue_IsNeverServed()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var cluster = await StartAsync(redis);
        (await cluster.Api.PutAsync("/api/v1/cache/k", """{"value":"before"}""")).Ok();
        redis.Pause();
        try
        {
            await RequestsStayBoundedAsync(cluster);
            await StateAsync(cluster, "down");
            (await cluster.Api.PutAsync("/api/v1/cache/k", """{"value":"meanwhile"}""")).Ok();
            await SpillAsync(cluster);

            // Only Redis could have it, and Redis hangs: a miss, and a quick one.
            var watch = Stopwatch.StartNew();
            (await Fresh(cluster, "k")).Problem(HttpStatusCode.NotFound, ErrorCodes.CacheMiss);
            Assert.InRange(watch.ElapsedMilliseconds, 0, 1000);
        }
        finally
        {
            redis.Continue();
        }

        await StateAsync(cluster, "up");
        Assert.EndsWith("\"before\"", (string?)await redis.ExecuteAsync("GET", "quorate:cache:k"));
        for (var i = 0; i < 20; i++)
        {
            (await Fresh(cluster, "k")).Problem(HttpStatusCode.NotFound, ErrorCodes.CacheMiss);
        }
    }

    [RedisFact]
    public async Task Start_RedisNotThereYet_GatewayServesAndFindsItLater()
    {
        await using var redis = await RedisServer.StartAsync();
        redis.Kill();
        await using var cluster = await ClusterFixture.StartAsync($"--ConnectionStrings:Redis={redis.Address}");
        (await cluster.Api.PutAsync("/api/v1/cache/k", """{"value":1}""")).Ok();
        Assert.Equal(1, (await cluster.Api.GetAsync("/api/v1/cache/k")).Ok()["value"].GetInt32());
        await redis.StartAgainAsync();
        await StateAsync(cluster, "up");
    }

    /// <summary>Writes and reads go on while Redis is away; none takes much longer than the patience it gets.</summary>
    private static async Task RequestsStayBoundedAsync(ClusterFixture cluster)
    {
        for (var i = 0; i < 40; i++)
        {
            var watch = Stopwatch.StartNew();
            (await cluster.Api.PutAsync($"/api/v1/cache/during-{i % 5}", $$"""{"value":{{i}}}""")).Ok();
            Assert.Equal(i, (await Fresh(cluster, $"during-{i % 5}")).Ok()["value"].GetInt32());
            Assert.InRange(watch.ElapsedMilliseconds, 0, 2000);
        }
    }

    /// <summary>Writes until what was there before has given way in the cluster.</summary>
    private static async Task SpillAsync(ClusterFixture cluster)
    {
        var value = $$"""{"value":"{{new string('x', Filler)}}"}""";
        for (var i = 0; i <= (CacheTable.MaxBytes / Filler) + 1; i++)
        {
            (await cluster.Api.PutAsync($"/api/v1/cache/filler-{i}", value)).Ok();
        }
    }

    private static async Task<ClusterFixture> StartAsync(RedisServer redis)
    {
        var cluster = await ClusterFixture.StartAsync($"--ConnectionStrings:Redis={redis.Address}");
        await StateAsync(cluster, "up");
        return cluster;
    }

    private static Task StateAsync(ClusterFixture cluster, string state) => Eventually.HoldsAsync(async () =>
        (await cluster.Api.GetAsync("/api/v1/cache:stats")).Ok()["redis"].GetProperty("state").GetString() == state);

    private static Task<Answer> Fresh(ClusterFixture cluster, string key) =>
        cluster.Api.SendAsync(HttpMethod.Get, $"/api/v1/cache/{key}", null, ("Cache-Control", "no-cache"));
}
