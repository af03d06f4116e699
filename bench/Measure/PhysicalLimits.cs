namespace Quorate.Bench.Measure;

/// <summary>What this machine can do at most, whatever runs on it.</summary>
/// <param name="SyncsPerSecond">Durable writes of 512 bytes, one after the other.</param>
/// <param name="SyncsPerSecondOfThree">The same from three threads in three files, together.</param>
/// <param name="RoundTripMicroseconds">A small message over loopback TCP and back.</param>
internal sealed record PhysicalLimits(double SyncsPerSecond, double SyncsPerSecondOfThree, double RoundTripMicroseconds)
{
    private const int RoundTrips = 20_000;

    /// <summary>The least a replicated write can take: client to leader and back, meanwhile leader to follower and back, and one sync.</summary>
    public double LeastWriteMs => (1000 / SyncsPerSecond) + (2 * RoundTripMicroseconds / 1000);

    /// <param name="directory">On the disk that is measured.</param>
    /// <param name="duration">Of each of the two disk measurements.</param>
    public static PhysicalLimits Measure(string directory, TimeSpan duration) => new(
        DiskLimit.SyncsPerSecond(directory, 1, duration),
        DiskLimit.SyncsPerSecond(directory, 3, duration),
        LoopbackLimit.RoundTripMicroseconds(RoundTrips));
}
