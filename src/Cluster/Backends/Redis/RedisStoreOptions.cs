using StackExchange.Redis;

namespace Quorate.Backends.Redis;

/// <summary>Which Redis, and how much patience it gets.</summary>
public sealed record RedisStoreOptions
{
    /// <summary>As StackExchange.Redis reads it: <c>host:port,password=…</c>. Null or empty: there is no Redis.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>Put before every key, so that a Redis can be shared.</summary>
    public string KeyPrefix { get; init; } = "quorate:cache:";

    /// <summary>The longest that one request waits for Redis.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How often Redis is asked whether it is there, while it is.</summary>
    public TimeSpan CheckInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>After an outage was noticed, Redis is asked again after this time, then after twice as long each, up to <see cref="MaxBackoff"/>.</summary>
    public TimeSpan MinBackoff { get; init; } = TimeSpan.FromMilliseconds(250);

    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Requests that may wait for Redis at once; more go on without it.</summary>
    public int MaxInFlight { get; init; } = 1024;

    /// <summary>What is wrong with a connection string; null when nothing is.</summary>
    public static string? Problem(string connectionString)
    {
        try
        {
            return ConfigurationOptions.Parse(connectionString).EndPoints.Count == 0 ? "it names no host" : null;
        }
        catch (ArgumentException error)
        {
            return error.Message;
        }
    }
}
