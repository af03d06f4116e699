namespace Quorate.Backends.Redis;

/// <summary>Which Redis, and how much patience it gets.</summary>
public sealed record RedisSyncOptions
{
    /// <summary>As StackExchange.Redis reads it: <c>host:port,password=…</c>.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>Put before every key and channel, so that a Redis can be shared.</summary>
    public string KeyPrefix { get; init; } = "quorate:sync:";

    /// <summary>The longest that one request waits for Redis; default 1 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Requests that Redis may owe an answer at once, those that were given up included; more fail at once.</summary>
    public int MaxInFlight { get; init; } = 1024;
}
