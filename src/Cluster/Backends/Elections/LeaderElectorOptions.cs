using Quorate.Client;

namespace Quorate.Backends.Elections;

/// <summary>How leadership is taken and kept.</summary>
public sealed record LeaderElectorOptions
{
    /// <summary>Who stands, for people to read; null (default): machine and process.</summary>
    public string? Owner { get; init; }

    /// <summary>How long leadership outlives a leader that fell silent, 100 ms to a day; default 5 s. It is renewed after a third of this.</summary>
    public TimeSpan Ttl { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How much earlier than the backend a leader counts its leadership as over; null (default): a tenth of <see cref="Ttl"/>.</summary>
    public TimeSpan? DriftMargin { get; init; }

    /// <summary>How often somebody who does not lead tries to; null (default): a fifth of <see cref="Ttl"/>.</summary>
    public TimeSpan? RetryInterval { get; init; }

    internal LeaseTiming Timing => DriftMargin is { } margin ? new LeaseTiming(Ttl, margin) : new LeaseTiming(Ttl);
}
