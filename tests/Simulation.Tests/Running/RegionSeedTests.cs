using Quorate.Core.Replication.Regions;
using Quorate.Simulation.Regions;
using Quorate.Simulation.Running;

namespace Quorate.Simulation.Tests.Running;

/// <summary>Regions for hours of virtual time, cut off, crashed and with wrong clocks; and mistakes that must be noticed.</summary>
public class RegionSeedTests
{
    private const int Seeds = 40;
    private const int MaxSeeds = 200;

    private static readonly Dictionary<Mistake, Invariant[]> Catches = new()
    {
        [Mistake.LoserForgotten] = [Invariant.LoserKept],
        [Mistake.DeletionForgotten] = [Invariant.Convergence],
        [Mistake.ClockNotJoined] = [Invariant.Convergence, Invariant.LoserKept],
    };

    public static TheoryData<string> Mistakes => [.. Enum.GetNames<Mistake>().Where(name => name != nameof(Mistake.None))];

    [Fact]
    public void Run_AnySeed_RegionsAgreeInTheEnd()
    {
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var result = RegionRun.Run(seed);
            Assert.True(result.Failure is null, $"seed {seed}: {result.Failure?.Invariant}: {result.Failure?.Message}");
        }
    }

    /// <summary>Seeds that failed once. A run changes whenever it draws something more, so each mistake has a test of its own as well.</summary>
    [Theory]
    [InlineData(9002)] // a refused drop took the place of a later one
    [InlineData(9083)] // a refused deletion was forgotten where nothing was left to keep
    public void Run_SeedThatFailedOnce_RegionsAgreeInTheEnd(long seed) => Assert.Null(RegionRun.Run(seed).Failure);

    [Fact]
    public void Run_SameSeedTwice_GoesTheSameWay() => Assert.Equal(RegionRun.Run(7).TraceHash, RegionRun.Run(7).TraceHash);

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Run_WithMistakeBuiltIn_IsNoticed(string name)
    {
        var mistake = Enum.Parse<Mistake>(name);
        var noticed = Enumerable.Range(1, MaxSeeds).Select(seed => RegionRun.Run(seed, mistake).Failure).FirstOrDefault(failure => failure is not null);

        Assert.NotNull(noticed);
        Assert.Contains(noticed.Invariant, Catches[mistake]);
    }
}
