namespace Quorate.Client;

/// <summary>How a lock is taken and kept.</summary>
public sealed record LockOptions
{
    private static readonly TimeSpan MinTtl = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxTtl = TimeSpan.FromDays(1);

    /// <summary>Part of a TTL that counts as uncertain unless <see cref="DriftMargin"/> says otherwise.</summary>
    private const int DefaultMarginShare = 10;

    /// <summary>Who holds it; null (default): an owner of its own for each handle, which no other handle can re-enter.</summary>
    public string? Owner { get; init; }

    /// <summary><c>exclusive</c> or <c>shared</c>; null: exclusive, or a semaphore where there are <see cref="Permits"/>.</summary>
    public string? Mode { get; init; }

    /// <summary>Permits of the semaphore altogether, 1 to 1,000,000; null: a lock.</summary>
    public int? Permits { get; init; }

    /// <summary>Permits wanted, 1 (default) to <see cref="Permits"/>.</summary>
    public int? Take { get; init; }

    /// <summary>
    /// How long the lock outlives a holder that fell silent, 100 ms to a day; default 30 s. The handle renews it after a third of this.
    /// </summary>
    public TimeSpan Ttl { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long to wait for it: 0 (default: not at all) to 600 s.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>
    /// How much earlier than the servers the handle counts the lock as lost, up to half of <see cref="Ttl"/>; null (default): a tenth of it. Must be more than the clocks of the nodes
    /// and of this machine can differ over one <see cref="Ttl"/>, steps of the nodes' wall clocks included.
    /// </summary>
    public TimeSpan? DriftMargin { get; init; }

    internal TimeSpan Margin => DriftMargin ?? Ttl / DefaultMarginShare;

    /// <exception cref="ArgumentOutOfRangeException">A duration is out of its range.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Ttl, MinTtl, nameof(Ttl));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Ttl, MaxTtl, nameof(Ttl));
        ArgumentOutOfRangeException.ThrowIfLessThan(Wait, TimeSpan.Zero, nameof(Wait));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Margin, TimeSpan.Zero, nameof(DriftMargin));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Margin, Ttl / 2, nameof(DriftMargin));
    }
}
