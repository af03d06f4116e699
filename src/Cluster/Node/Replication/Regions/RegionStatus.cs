namespace Quorate.Node.Replication.Regions;

/// <summary>What an agent does and has measured since it started. Everything that must survive it is in the replicated state.</summary>
/// <param name="Phase">One of <see cref="Contracts.Regions.RegionPhases"/>.</param>
/// <param name="Error">What keeps it from the coordinator; null when nothing does.</param>
/// <param name="Concurrent">Changes that came in the present or last reconnect and stood against changes of this region.</param>
/// <param name="Pushed">Changes handed over.</param>
/// <param name="Failures">By code: attempts that failed and changes that were refused.</param>
/// <param name="Origins">What comes from each other region.</param>
public sealed record RegionStatus(
    string Region,
    string Phase,
    string? Error,
    long Concurrent,
    long Pushed,
    IReadOnlyDictionary<string, long> Failures,
    IReadOnlyList<RegionOriginStatus> Origins)
{
    public long FailureCount => Failures.Values.Sum();
}

/// <summary>One direction: from an origin to this region.</summary>
/// <param name="Position">The last change of the origin that this region has taken in.</param>
/// <param name="Received">The last change of the origin that the coordinator is known to have. What the origin's outbox holds comes on top.</param>
/// <param name="LagBytes">What the coordinator has and this region lacks.</param>
/// <param name="LastChangeAt">When the last change that came was made; null before the first.</param>
/// <param name="Lag">Where the time of the last changes went; null before the first.</param>
/// <param name="EventsPerSecond">Changes taken in over the last ten seconds.</param>
/// <param name="EventsPerMinute">Changes taken in over the last minute: what an estimate goes by.</param>
public sealed record RegionOriginStatus(
    string Origin, long Position, long Received, long LagBytes, DateTimeOffset? LastChangeAt, RegionLag? Lag, double EventsPerSecond, long EventsPerMinute)
{
    public long LagOperations => Math.Max(0, Received - Position);

    /// <summary>When this region will have what the coordinator has, in seconds; null when nothing moves, 0 when nothing is lacking.</summary>
    public double? CatchUpSeconds => LagOperations == 0 ? 0 : EventsPerMinute == 0 ? null : LagOperations * 60.0 / EventsPerMinute;
}

/// <summary>Mean over the last changes, milliseconds each.</summary>
/// <param name="QueueMs">From the write until it was taken from the outbox.</param>
/// <param name="NetworkMs">From there through the coordinator until it arrived.</param>
/// <param name="ApplyMs">From there until it could be read.</param>
public sealed record RegionLag(double QueueMs, double NetworkMs, double ApplyMs);
