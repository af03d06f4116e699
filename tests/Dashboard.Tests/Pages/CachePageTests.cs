using Quorate.Contracts;
using Quorate.Contracts.Cache;
using Quorate.Contracts.Live;
using Quorate.Contracts.Problems;
using Quorate.Dashboard.Components.Pages;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Pages;

public class CachePageTests : ConsoleContext
{
    [Fact]
    public void Figures_ComeFromTheLiveTopic()
    {
        var page = Show("/cache", Examples.Cache());

        Assert.Contains("75", Find(page, "cache-hit-rate").TextContent);
        Assert.Equal("shop", Find(page, "cache-prefix").GetAttribute("data-key"));

        Feed.Delta(Topics.Cache, new CachePayload(Examples.Cache(misses: 300), [Examples.CacheSample(0)]));

        Eventually(page, () => Assert.Contains("50", Find(page, "cache-hit-rate").TextContent));
    }

    [Fact]
    public void Redis_Down_SaysSinceWhenWhyAndWhatItMeans()
    {
        var page = Show("/cache", Examples.Cache(redis: RedisStates.Down));

        var strip = Find(page, "cache-redis");
        Assert.Equal("down", strip.GetAttribute("data-state"));
        Assert.Equal("alert", strip.GetAttribute("role"));
        Assert.Contains("no answer within 100 ms", strip.TextContent);
        Assert.Contains("nothing old is ever served", strip.TextContent);
    }

    [Fact]
    public void Empty_TeachesTheFirstStep()
    {
        var page = Show("/cache", Examples.Cache(local: 0, misses: 0, entries: 0));

        Assert.Contains("curl -X PUT", Find(page, "empty-state").TextContent);
    }

    [Fact]
    public void LookUp_Key_StandsInTheUrlAndShowsLayerAndValue()
    {
        Gateway.Answer("GET", Routes.CacheKey("shop:anvil"), Examples.Cached("shop:anvil"));
        var page = Show("/cache", Examples.Cache());

        Type(page, "cache-key-input", "shop:anvil");
        Submit(page, "cache-look-up-form");

        Eventually(page, () => Assert.Equal("/cache?key=shop%3Aanvil", Address));
        page = Open<CachePage>(Address);
        Assert.Equal("redis", Find(page, "cache-layer").GetAttribute("data-layer"));
        Assert.Contains("12", Find(page, "cache-value").TextContent);
    }

    [Fact]
    public void LookUp_Miss_SaysSo()
    {
        Gateway.Refuse("GET", Routes.CacheKey("nothing"), FakeGateway.Problem(404, ErrorCodes.CacheMiss));
        var page = Show("/cache?key=nothing", Examples.Cache());

        Assert.Contains("No layer has this key", Find(page, "empty-state").TextContent);
        Assert.True(Find(page, "cache-delete").HasAttribute("disabled"));
    }

    [Fact]
    public void Delete_Confirmed_AsksTheGateway()
    {
        Gateway.Answer("GET", Routes.CacheKey("k"), Examples.Cached("k"));
        Gateway.Answer("DELETE", Routes.CacheKey("k"), new DeleteCacheResponse("k", 9, true));
        var page = Show("/cache?key=k", Examples.Cache());
        Find(page, "cache-value");

        Press(page, "cache-delete");
        Submit(page, "confirm-dialog");

        Eventually(page, () => Assert.Contains(Gateway.Requests, request => request.Asked.StartsWith("DELETE", StringComparison.Ordinal)));
    }

    private IRenderedComponent<CachePage> Show(string address, CacheStats stats)
    {
        Feed.Snapshot(Topics.Cache, new CachePayload(stats, [Examples.CacheSample(2), Examples.CacheSample(1)]));
        return Open<CachePage>(address);
    }
}
