using System.Net;
using Quorate.Contracts.Problems;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.Cache;

[Collection(ClusterCollection.Name)]
public sealed class CacheTests(ClusterFixture cluster)
{
    private readonly ApiClient _api = cluster.Api;

    [Fact]
    public async Task Get_AfterPut_AnswersValueRevisionAndLayer()
    {
        var put = (await _api.PutAsync("/api/v1/cache/shop%3Aanvil", """{"value":{"price":12},"ttlMs":60000}""")).Ok();
        var got = (await _api.GetAsync("/api/v1/cache/shop%3Aanvil")).Ok();
        Assert.Equal("shop:anvil", got["key"].GetString());
        Assert.Equal(12, got["value"].GetProperty("price").GetInt32());
        Assert.Equal(put["revision"].GetInt64(), got["revision"].GetInt64());
        Assert.Equal(put["expiresAt"].GetDateTimeOffset(), got["expiresAt"].GetDateTimeOffset());
        Assert.Equal($"\"{put["revision"].GetInt64()}\"", got.Headers.ETag?.Tag);
        Assert.Contains(got["layer"].GetString(), (string[])["local", "cluster"]);
    }

    [Fact]
    public async Task Get_UnknownKey_IsCacheMiss() =>
        (await _api.GetAsync("/api/v1/cache/nobody-wrote-this")).Problem(HttpStatusCode.NotFound, ErrorCodes.CacheMiss);

    [Fact]
    public async Task Get_AgainWithinTheBound_IsAnsweredFromMemory()
    {
        await _api.PutAsync("/api/v1/cache/warm", """{"value":1}""");
        await _api.GetAsync("/api/v1/cache/warm");
        await Eventually.HoldsAsync(async () => (await _api.GetAsync("/api/v1/cache/warm")).Ok()["layer"].GetString() == "local");
    }

    [Fact]
    public async Task Get_NoCache_IsNotAnsweredFromMemory()
    {
        await _api.PutAsync("/api/v1/cache/fresh", """{"value":1}""");
        await _api.GetAsync("/api/v1/cache/fresh");
        var got = await _api.SendAsync(HttpMethod.Get, "/api/v1/cache/fresh", null, ("Cache-Control", "no-cache"));
        Assert.Equal("cluster", got.Ok()["layer"].GetString());
    }

    [Fact]
    public async Task Put_OverwritesEverywhere_ReadsNeverGoBack()
    {
        for (var i = 0; i < 50; i++)
        {
            (await _api.PutAsync("/api/v1/cache/counter", $$"""{"value":{{i}}}""")).Ok();
            var reads = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _api.GetAsync("/api/v1/cache/counter")));
            Assert.All(reads, read => Assert.Equal(i, read.Ok()["value"].GetInt32()));
        }
    }

    [Fact]
    public async Task Delete_RemovesAndIsNoErrorTwice()
    {
        await _api.PutAsync("/api/v1/cache/gone", """{"value":1}""");
        await _api.GetAsync("/api/v1/cache/gone");
        Assert.True((await _api.DeleteAsync("/api/v1/cache/gone")).Ok()["deleted"].GetBoolean());
        (await _api.GetAsync("/api/v1/cache/gone")).Problem(HttpStatusCode.NotFound, ErrorCodes.CacheMiss);
        Assert.False((await _api.DeleteAsync("/api/v1/cache/gone")).Ok()["deleted"].GetBoolean());
    }

    [Fact]
    public async Task Put_WithTtl_ExpiresInEveryLayer()
    {
        (await _api.PutAsync("/api/v1/cache/brief", """{"value":1,"ttlMs":300}""")).Ok();
        (await _api.GetAsync("/api/v1/cache/brief")).Ok();
        await Eventually.HoldsAsync(async () => (await _api.GetAsync("/api/v1/cache/brief")).Status == HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Put_SeenByAnotherGateway_IsForgottenThere()
    {
        await _api.PutAsync("/api/v1/cache/shared", """{"value":"old"}""");
        await Eventually.HoldsAsync(async () => (await _api.GetAsync("/api/v1/cache/shared")).Ok()["layer"].GetString() == "local");

        // As another gateway does it: through the log, not through the cache of this one.
        await cluster.Cluster.ExecuteAsync(
            new Core.StateMachine.Cache.CachePut("shared", null, "\"new\""u8.ToArray()), Node.Access.WriteOptions.None, CancellationToken.None);
        await Eventually.HoldsAsync(async () => (await _api.GetAsync("/api/v1/cache/shared")).Ok()["value"].GetString() == "new");
    }

    [Fact]
    public async Task Put_IdempotencyKeyAgain_AnswersFirstRevisionAndKeepsTheLaterValue()
    {
        var first = (await _api.PutAsync("/api/v1/cache/retried", """{"value":1}""", ("Idempotency-Key", "cache-1"))).Ok();
        (await _api.PutAsync("/api/v1/cache/retried", """{"value":2}""")).Ok();
        var again = (await _api.PutAsync("/api/v1/cache/retried", """{"value":1}""", ("Idempotency-Key", "cache-1"))).Ok();
        Assert.Equal(first["revision"].GetInt64(), again["revision"].GetInt64());
        Assert.Equal(2, (await _api.GetAsync("/api/v1/cache/retried")).Ok()["value"].GetInt32());
    }

    [Fact]
    public async Task Put_TooLarge_IsRefused()
    {
        await using var roomy = await ClusterFixture.StartAsync("--Gateway:MaxPayloadBytes=8388608");
        (await roomy.Api.PutAsync("/api/v1/cache/large", $$"""{"value":"{{new string('x', 5 << 20)}}"}"""))
            .Problem(HttpStatusCode.RequestEntityTooLarge, ErrorCodes.PayloadTooLarge, "value");
    }

    [Fact]
    public async Task Stats_CountReadsByLayerAndPrefix()
    {
        await _api.PutAsync("/api/v1/cache/counted%2Fa", """{"value":1}""");
        await _api.GetAsync("/api/v1/cache/counted%2Fa");
        await _api.GetAsync("/api/v1/cache/counted%2Fb");
        var stats = (await _api.GetAsync("/api/v1/cache:stats")).Ok();
        var prefix = stats["prefixes"].EnumerateArray().Single(each => each.GetProperty("prefix").GetString() == "counted").GetProperty("reads");
        Assert.Equal(2, prefix.GetProperty("reads").GetInt64());
        Assert.Equal(1, prefix.GetProperty("misses").GetInt64());
        Assert.Equal(0.5, prefix.GetProperty("hitRate").GetDouble());
        Assert.Equal("ok", stats["state"].GetString());
        Assert.Equal("off", stats["redis"].GetProperty("state").GetString());
        Assert.True(stats["local"].GetProperty("maxBytes").GetInt64() > 0);
    }
}
