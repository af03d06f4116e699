using Quorate.Core;
using Quorate.Simulation.Cli;
using Quorate.Simulation.Running;

namespace Quorate.Simulation.Tests.Running;

public class SeedTests
{
    private const int Seeds = 400;

    [Fact]
    public void Run_ManySeeds_NoneFails()
    {
        var output = new StringWriter();

        var code = SeedsCommand.Run(Seeds, from: 1, parallel: Environment.ProcessorCount, Mutation.None, output);

        Assert.True(code == ExitCodes.Success, output.ToString());
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
