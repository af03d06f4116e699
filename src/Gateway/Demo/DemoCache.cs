using System.Text.Json;
using Quorate.Core.StateMachine.Cache;
using Quorate.Gateway.Cache;
using Quorate.Node.Access;

namespace Quorate.Gateway.Demo;

/// <summary>The shop's customers look at products, some far more than others; what the cache lacks is fetched and put there.</summary>
internal sealed class DemoCache(CacheService cache)
{
    private const int Products = 400;
    private const int Sessions = 60;
    private const int Looks = 12;

    private static readonly WriteOptions Write = new(Reason: "demo");

    /// <summary>A page view: a few products, and the customer's basket.</summary>
    public async Task Browse(CancellationToken cancel)
    {
        for (var i = 0; i < Looks; i++)
        {
            // Squared: few products get most of the looks.
            var product = (int)(Products * Random.Shared.NextDouble() * Random.Shared.NextDouble());
            await LookAsync($"demo-product:{product}", new { product, price = 5 + (product * 7 % 90), text = "Forged by hand, tested twice, sent the same day." }, 60_000, cancel);
        }

        var session = Random.Shared.Next(Sessions);
        await LookAsync($"demo-basket:{session}", new { session, items = Random.Shared.Next(0, 6) }, 20_000, cancel);
    }

    /// <summary>A price changes: the old one must not be shown again.</summary>
    public Task Reprice(CancellationToken cancel) =>
        cache.DeleteAsync(new CacheDelete($"demo-product:{Random.Shared.Next(20)}"), Write, cancel);

    private async Task LookAsync(string key, object value, long ttlMs, CancellationToken cancel)
    {
        if (await cache.GetAsync(key, fresh: false, cancel) is null)
        {
            await cache.PutAsync(new CachePut(key, ttlMs, JsonSerializer.SerializeToUtf8Bytes(value)), Write, cancel);
        }
    }
}
