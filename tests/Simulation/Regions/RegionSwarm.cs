using Quorate.Simulation.Time;

namespace Quorate.Simulation.Regions;

/// <summary>What a seed has drawn for its run: how large the world is, and how bad.</summary>
/// <param name="Regions">2 to 4.</param>
/// <param name="Hours">Virtual hours before everything is healed.</param>
/// <param name="WriteEvery">Mean time between two writes of a region, in microseconds.</param>
/// <param name="CutEvery">Mean time between two cuts; 0: none.</param>
/// <param name="CutFor">Mean length of a cut.</param>
/// <param name="CrashEvery">Mean time between two crashes of a region's cluster or agent.</param>
/// <param name="Lost">Share of messages, and of answers, that are lost.</param>
/// <param name="Repeated">Share of messages that arrive again, much later.</param>
/// <param name="JumpEvery">Mean time between two jumps of a region's clock beyond the budget; 0: none.</param>
/// <param name="Keep">Changes of one origin that the coordinator keeps: whoever is away longer needs a copy.</param>
/// <param name="Brake">Share of a collection that may be deleted within a minute.</param>
internal sealed record RegionSwarm(
    int Regions, int Hours, long WriteEvery, long CutEvery, long CutFor, long CrashEvery, double Lost, double Repeated, long JumpEvery, int Keep, double Brake)
{
    private const long Minute = 60 * Duration.Second;

    public static RegionSwarm Draw(SeededRandom random) => new(
        (int)random.Between(2, 4),
        (int)random.Between(1, 6),
        random.Pick([20L, 60L, 300L]) * Duration.Second,
        random.Chance(0.9) ? random.Between(5, 120) * Minute : 0,
        random.Between(1, 180) * Minute,
        random.Between(10, 240) * Minute,
        random.Pick([0, 0.01, 0.1, 0.3]),
        random.Pick([0, 0.05, 0.2]),
        random.Chance(0.3) ? random.Between(20, 120) * Minute : 0,
        random.Pick([15, 200, 100_000]),
        random.Pick([1, 0.3]));
}
