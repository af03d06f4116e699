namespace Quorate.Client;

/// <summary>How a lock is taken and kept.</summary>
public sealed record LockOptions
{
    /// <summary>Who holds it; null (default): an owner of its own for each handle, which no other handle can re-enter.</summary>
    public string? Owner { get; init; }

    /// <summary><c>exclusive</c> or <c>shared</c>; null: exclusive, or a semaphore where there are <see cref="Permits"/>.</summary>
    public string? Mode { get; init; }

    /// <summary>Permits of the semaphore altogether, 1 to 1,000,000; null: a lock. For one lock only, like <see cref="Take"/>: several say it each.</summary>
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

    internal LeaseTiming Timing => DriftMargin is { } margin ? new LeaseTiming(Ttl, margin) : new LeaseTiming(Ttl);

    /// <exception cref="ArgumentOutOfRangeException">A duration is out of its range.</exception>
    internal void Validate()
    {
        Timing.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(Wait, TimeSpan.Zero, nameof(Wait));
    }
}
