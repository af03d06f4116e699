using Quorate.Node.Commands;

namespace Quorate.Node.Tests.Processes;

public sealed class RehearsalTests
{
    [Fact]
    public void Run_plays_to_the_end() => Assert.True(Rehearsal.Run());
}
