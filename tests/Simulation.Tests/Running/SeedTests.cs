using Quorate.Core;
using Quorate.Simulation.Cli;
using Quorate.Simulation.Running;

namespace Quorate.Simulation.Tests.Running;

public class SeedTests
{
    private const int Seeds = 400;

    /// <summary>
    /// Seeds that fail when a mistake comes back that has been corrected. What a seed draws changes with the kinds of trouble there are:
    /// when one is added, seeds that notice are to be found again with the correction taken out.
    /// </summary>
    public static readonly TheoryData<long, string> OnceFailed = new()
    {
        { 56, "a leader that was stopped served reads from a lease that had run out" },
        { 3516, "a late refusal by a former leader made a gateway hand the same write over twice" },
        { 8777, "voters on their way out refused their votes to everybody and did not stand" },
    };

    [Fact]
    public void Run_ManySeeds_NoneFails()
    {
        var output = new StringWriter();

        var code = SeedsCommand.Run(Seeds, from: 1, parallel: Environment.ProcessorCount, Mutation.None, output);

        Assert.True(code == ExitCodes.Success, output.ToString());
    }

    [Theory]
    [MemberData(nameof(OnceFailed))]
    public void Run_SeedThatFailedOnce_Passes(long seed, string because)
    {
        var result = Simulation.Running.Simulation.Run(seed);

        Assert.True(result.Failure is null, $"{because}: {result.Failure?.Invariant}: {result.Failure?.Message}");
    }

    [Fact]
    public void Run_SameSeedTwice_GoesTheSameWay()
    {
        var (first, second) = (new StringWriter(), new StringWriter());

        var hash = Simulation.Running.Simulation.Run(7, traceLines: first).TraceHash;

        Assert.Equal(hash, Simulation.Running.Simulation.Run(7, traceLines: second).TraceHash);
        Assert.Equal(first.ToString(), second.ToString());
        Assert.NotEqual(hash, Simulation.Running.Simulation.Run(8).TraceHash);
    }

    [Fact]
    public void Run_TraceIsRead_GoesTheSameWayAsUnread() =>
        Assert.Equal(Simulation.Running.Simulation.Run(9).TraceHash, Simulation.Running.Simulation.Run(9, traceLines: TextWriter.Null).TraceHash);
}
