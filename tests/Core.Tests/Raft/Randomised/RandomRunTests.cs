namespace Quorate.Core.Tests.Raft.Randomised;

/// <summary>
/// Raft's invariants under seeded bad luck. A failure names its seed; <c>QUORATE_SEED=n dotnet test --filter RandomRunTests</c>
/// runs that one alone.
/// </summary>
public sealed class RandomRunTests
{
    private const int Seeds = 200;
    private const int Steps = 4000;

    private static readonly int? OnlySeed =
        int.TryParse(Environment.GetEnvironmentVariable("QUORATE_SEED"), out var seed) ? seed : null;

    [Fact]
    public void Cluster_UnderRandomFaults_KeepsInvariantsAndProgressesWhenHealed()
    {
        long committed = 0;
        foreach (var seed in OnlySeed is { } only ? [only] : Enumerable.Range(1, Seeds))
        {
            committed += Run(seed).Committed.Value;
        }

        // A run in which nothing ever commits proves nothing.
        Assert.True(OnlySeed is not null || committed > 30 * Seeds, $"only {committed} entries were committed in {Seeds} runs");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(42)]
    [InlineData(4711)]
    public void Run_SameSeedTwice_GivesSameTrace(int seed) =>
        Assert.Equal(Run(seed).Trace.Hash, Run(seed).Trace.Hash);

    [Fact]
    public void Run_DifferentSeeds_GiveDifferentTraces() =>
        Assert.NotEqual(Run(1).Trace.Hash, Run(2).Trace.Hash);

    private static RandomRun Run(int seed)
    {
        var run = new RandomRun(seed);
        try
        {
            run.Misbehave(Steps);
            run.HealAndProgress();
        }
        catch (Exception exception)
        {
            Assert.Fail($"seed {seed}: {exception.Message}\nWhat happened last:\n{run.Trace}\n{exception.StackTrace}");
        }

        return run;
    }
}
