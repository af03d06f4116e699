using Microsoft.AspNetCore.Components;
using Quorate.Contracts;
using Quorate.Contracts.Cache;
using Quorate.Contracts.Live;
using Quorate.Dashboard.Components.Controls;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Live;
using Quorate.Dashboard.Model;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>How well the cache serves, layer by layer and prefix by prefix, and what it means when Redis is away.</summary>
public partial class CachePage(NavigationManager navigation, Curl curl, Clock clock)
{
    private IReadOnlyList<Series> _rates = [];
    private IReadOnlyList<Series> _layers = [];
    private IReadOnlyList<ChartMark> _elections = [];
    private string _asked = "";
    private bool _putting;

    [SupplyParameterFromQuery(Name = "key")]
    private string? Key { get; set; }

    [SupplyParameterFromQuery(Name = "sort")]
    private string? Sort { get; set; }

    protected override IReadOnlyCollection<string> Follows { get; } = [Topics.Cache, Topics.Leaders];

    private string Example => curl.Write("PUT", Routes.CacheKey("shop:anvil"), """{"value":{"price":12},"ttlMs":60000}""");

    protected override void OnInitialized()
    {
        base.OnInitialized();
        ReadCharts();
    }

    protected override Task OnLiveAsync(LiveBatch batch)
    {
        ReadCharts();
        return Task.CompletedTask;
    }

    private void ReadCharts()
    {
        var samples = Store.CacheSamples;
        _rates = [new Series(Text["Cache.HitRate"], "quorate_cache_reads_total", "", CacheCharts.Percent, CacheCharts.HitRates(samples))];
        _layers =
        [
            Line("Cache.Layer.local", "", sample => sample.Local),
            Line("Cache.Layer.cluster", "third", sample => sample.Cluster),
            Line("Cache.Layer.redis", "second", sample => sample.Redis),
            Line("Cache.Misses", "p6", sample => sample.Misses),
        ];
        _elections = [.. Store.Terms.Select(term => new ChartMark(term.From, Text["Overview.ElectionMark", term.Leader, term.Term]))];

        Series Line(string name, string tone, Func<CacheSample, double> value) =>
            new(Text[name], "quorate_cache_reads_total", tone, Format.PerSecond, CacheCharts.Line(samples, value));
    }

    private string RedisWords(RedisCacheStats redis) => redis.State switch
    {
        RedisStates.Up when redis.Pending > 0 => Text["Cache.RedisCatchesUp", redis.Address, Format.Number(redis.Pending)],
        RedisStates.Up => Text["Cache.RedisUp", redis.Address],
        RedisStates.Down => Text["Cache.RedisDown", redis.Address, clock.Second(redis.Since), redis.Failure],
        RedisStates.Connecting => Text["Cache.RedisConnecting", redis.Address],
        _ => Text["Cache.RedisOff"],
    };

    private static string RedisTone(RedisCacheStats redis) => redis.State switch
    {
        RedisStates.Up => "healthy",
        RedisStates.Down => "warning",
        _ => "unknown",
    };

    private static string RedisIcon(RedisCacheStats redis) => redis.State switch
    {
        RedisStates.Up => "check",
        RedisStates.Down => "warning",
        RedisStates.Connecting => "waiting",
        _ => "offline",
    };

    private string PrefixName(string prefix) => prefix switch
    {
        "" => Text["Cache.NoPrefix"],
        "*" => Text["Cache.OtherPrefixes"],
        _ => prefix,
    };

    private void LookUp() => Go(_asked.Trim(), Sort);

    private void Put(string key)
    {
        _putting = false;
        Go(key, Sort);
    }

    private void Go(string? key, string? sort) => navigation.NavigateTo(Addresses.CacheKey(key, sort));
}
