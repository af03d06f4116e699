using Quorate.Contracts.Cache;

namespace Quorate.Dashboard.Model;

/// <summary>The last five minutes of the cache as lines.</summary>
public static class CacheCharts
{
    /// <summary>In percent; a gap where nobody read.</summary>
    public static IReadOnlyList<Sample> HitRates(IReadOnlyList<CacheSample> samples) => [.. samples.Select(sample => new Sample(sample.At, HitRate(sample)))];

    public static IReadOnlyList<Sample> Line(IReadOnlyList<CacheSample> samples, Func<CacheSample, double> value) =>
        [.. samples.Select(sample => new Sample(sample.At, value(sample)))];

    public static string Percent(double? value) => value is null ? Format.Unknown : $"{Format.Number(value)}{Format.Space}%";

    private static double? HitRate(CacheSample sample)
    {
        var hits = sample.Local + sample.Cluster + sample.Redis;
        var reads = hits + sample.Misses;
        return reads > 0 ? hits / reads * 100 : null;
    }
}
