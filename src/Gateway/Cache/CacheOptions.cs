using Quorate.Backends.Redis;

namespace Quorate.Gateway.Cache;

/// <summary>Settings of the cache: the section <c>Cache</c>, and <c>ConnectionStrings:Redis</c>.</summary>
internal sealed record CacheOptions
{
    /// <summary>Bytes of the gateway's own layer, <c>Cache:LocalBytes</c>; 1 MiB to 16 GiB. Default 64 MiB.</summary>
    public long LocalBytes { get; init; } = 64L << 20;

    /// <summary>How old an answer from the gateway's own layer may be, <c>Cache:StalenessMs</c>; 0 to 60,000 ms. Default 1000.</summary>
    public TimeSpan Staleness { get; init; } = TimeSpan.FromSeconds(1);

    public RedisStoreOptions Redis { get; init; } = new();

    /// <param name="errors">Gets everything that is wrong, each with its key.</param>
    public static CacheOptions Read(IConfiguration configuration, List<string> errors)
    {
        var defaults = new CacheOptions();
        var localBytes = Number("Cache:LocalBytes", defaults.LocalBytes, 1L << 20, 16L << 30);
        var stalenessMs = Number("Cache:StalenessMs", (long)defaults.Staleness.TotalMilliseconds, 0, 60_000);
        var timeoutMs = Number("Cache:RedisTimeoutMs", (long)defaults.Redis.Timeout.TotalMilliseconds, 1, 10_000);
        var redis = configuration.GetConnectionString("Redis");
        if (!string.IsNullOrEmpty(redis) && RedisStoreOptions.Problem(redis) is { } problem)
        {
            errors.Add($"ConnectionStrings:Redis must be host:port[,option=value…]: {problem}.");
        }

        return new CacheOptions
        {
            LocalBytes = localBytes,
            Staleness = TimeSpan.FromMilliseconds(stalenessMs),
            Redis = defaults.Redis with { ConnectionString = redis, Timeout = TimeSpan.FromMilliseconds(timeoutMs) },
        };

        long Number(string key, long otherwise, long min, long max)
        {
            if (configuration[key] is not { Length: > 0 } text)
            {
                return otherwise;
            }

            if (long.TryParse(text, out var number) && number >= min && number <= max)
            {
                return number;
            }

            errors.Add($"{key} must be a whole number from {min} to {max}, but is '{text}'.");
            return otherwise;
        }
    }
}
