namespace Quorate.Client;

/// <summary>How long a lease lasts.</summary>
/// <param name="Ttl">At the servers, after each renewal.</param>
/// <param name="Margin">
/// How much earlier than the servers its holder counts it as lost, up to half of <paramref name="Ttl"/>. Must be more than the clocks of
/// the servers and of this machine can differ over one <paramref name="Ttl"/>, steps of the servers' wall clocks included.
/// </param>
public readonly record struct LeaseTiming(TimeSpan Ttl, TimeSpan Margin)
{
    private static readonly TimeSpan MinTtl = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxTtl = TimeSpan.FromDays(1);

    /// <summary>Part of a TTL that counts as uncertain unless somebody says otherwise.</summary>
    private const int DefaultMarginShare = 10;

    /// <summary>With a margin of a tenth.</summary>
    public LeaseTiming(TimeSpan ttl)
        : this(ttl, ttl / DefaultMarginShare)
    {
    }

    /// <exception cref="ArgumentOutOfRangeException">A duration is out of its range.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Ttl, MinTtl, nameof(Ttl));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Ttl, MaxTtl, nameof(Ttl));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Margin, TimeSpan.Zero, nameof(Margin));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Margin, Ttl / 2, nameof(Margin));
    }
}

/// <summary>What became of a renewal.</summary>
public enum Renewal
{
    /// <summary>Nobody answered, or nobody could decide: it is tried again until the deadline.</summary>
    Unanswered,

    Renewed,

    /// <summary>It is held no longer, and will not be again.</summary>
    Refused,
}
