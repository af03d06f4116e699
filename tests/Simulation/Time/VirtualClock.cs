namespace Quorate.Simulation.Time;

/// <summary>
/// The clocks of one machine: a wall clock that is wrong, drifts and jumps, and a monotonic one that only drifts. Timers follow the monotonic one.
/// </summary>
/// <param name="rate">Seconds of this machine's clocks per second of virtual time.</param>
/// <param name="skewMs">How far the wall clock is off at the start.</param>
internal sealed class VirtualClock(Timeline time, double rate, long skewMs) : TimeProvider
{
    private const long EpochMs = 1_750_000_000_000;

    private long _skewMs = skewMs;

    public long UnixMs => EpochMs + _skewMs + GetTimestamp() / Duration.Millisecond;

    public override long TimestampFrequency => Duration.Second;

    /// <summary>What this machine's monotonic clock shows, in microseconds.</summary>
    public override long GetTimestamp() => (long)(time.Now * rate);

    /// <summary>Virtual time that passes while this machine's clocks go on by <paramref name="duration"/>.</summary>
    public long Virtual(long duration) => Math.Max(1, (long)(duration / rate));

    public void Jump(long ms) => _skewMs += ms;
}
