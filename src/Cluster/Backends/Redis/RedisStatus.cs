namespace Quorate.Backends.Redis;

public enum RedisState
{
    /// <summary>None is configured.</summary>
    Off,

    /// <summary>Not asked yet.</summary>
    Connecting,

    Up,

    /// <summary>Requests go on without it until it answers again.</summary>
    Down,
}

/// <summary>How it stands with Redis.</summary>
/// <param name="Address">Hosts and ports, without the password.</param>
/// <param name="Since">When the state began.</param>
/// <param name="Failure">What went wrong last; null when nothing did.</param>
/// <param name="RetryAt">When it is asked again; null unless it is down.</param>
public sealed record RedisStatus(RedisState State, string? Address, DateTimeOffset Since, string? Failure, DateTimeOffset? RetryAt);
