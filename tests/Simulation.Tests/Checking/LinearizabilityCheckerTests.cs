using Quorate.Simulation.Checking;
using Quorate.Simulation.Histories;

namespace Quorate.Simulation.Tests.Checking;

public class LinearizabilityCheckerTests
{
    private const long Plenty = 1_000_000;

    [Theory]
    [InlineData("nothing happened", "")]
    [InlineData("one after the other", "1 invoke write 7; 1 ok write 7; 1 invoke read nil; 1 ok read 7")]
    [InlineData("a read beside a write sees the old value", "1 invoke write 7; 2 invoke read nil; 2 ok read nil; 1 ok write 7")]
    [InlineData("a read beside a write sees the new value", "1 invoke write 7; 2 invoke read nil; 2 ok read 7; 1 ok write 7")]
    [InlineData("a lost answer took effect late", "1 invoke write 7; 2 invoke read nil; 2 ok read nil; 1 info write timed-out; 2 invoke read nil; 2 ok read 7")]
    [InlineData("a lost answer never took effect", "1 invoke write 7; 1 info write timed-out; 2 invoke read nil; 2 ok read nil")]
    [InlineData("a write without an answer took effect", "1 invoke write 7; 2 invoke read nil; 2 ok read 7")]
    [InlineData("a swap that failed found something else", "1 invoke write 7; 1 ok write 7; 2 invoke cas [3 4]; 2 fail cas [3 4]")]
    [InlineData("a swap with a lost answer took effect", "1 invoke write 3; 1 ok write 3; 2 invoke cas [3 4]; 2 info cas timed-out; 1 invoke read nil; 1 ok read 4")]
    [InlineData("a failed read says nothing", "1 invoke write 7; 1 ok write 7; 2 invoke read nil; 2 fail read timed-out")]
    public void Check_PossibleRegisterHistory_IsLinearizable(string why, string history) =>
        Assert.True(Judge(history) == Verdict.Linearizable, why);

    [Theory]
    [InlineData("a stale read", "1 invoke write 7; 1 ok write 7; 2 invoke read nil; 2 ok read nil")]
    [InlineData("a value from nowhere", "1 invoke read nil; 1 ok read 9")]
    [InlineData("two reads in the wrong order", "1 invoke write 7; 2 invoke read nil; 2 ok read 7; 2 invoke read nil; 2 ok read nil; 1 ok write 7")]
    [InlineData("a swap that cannot have matched", "1 invoke write 7; 1 ok write 7; 2 invoke cas [3 4]; 2 ok cas [3 4]")]
    [InlineData("a swap that must have matched", "1 invoke write 3; 1 ok write 3; 2 invoke cas [3 4]; 2 fail cas [3 4]")]
    [InlineData("a write seen before it began", "1 invoke read nil; 1 ok read 7; 2 invoke write 7; 2 ok write 7")]
    [InlineData("one lost swap seen twice", "1 invoke write 3; 1 ok write 3; 2 invoke cas [3 4]; 2 info cas timed-out; 1 invoke read nil; 1 ok read 4; 1 invoke write 3; 1 ok write 3; 1 invoke read nil; 1 ok read 4")]
    public void Check_ImpossibleRegisterHistory_IsNotLinearizable(string why, string history) =>
        Assert.True(Judge(history) == Verdict.NotLinearizable, why);

    [Fact]
    public void Check_BudgetTooSmall_IsUnknown() =>
        Assert.Equal(Verdict.Unknown, Judge("1 invoke write 7; 1 ok write 7; 1 invoke read nil; 1 ok read 7", maxSteps: 1));

    [Fact]
    public void Check_LongHistory_NeedsNoRecursion()
    {
        const int Depth = 20_000;
        var history = new List<Timed<RegisterOperation>>();
        for (var i = 0; i < Depth; i++)
        {
            history.Add(new(2 * i, 2 * i + 1, new RegisterOperation(RegisterAction.Write, "7")));
        }

        Assert.Equal(Verdict.Linearizable, LinearizabilityChecker.Check(new RegisterModel(), history, new CheckBudget(Plenty)));
    }

    [Fact]
    public void Check_ManyConcurrentWritesAndAnImpossibleRead_EndsInTime()
    {
        // Twelve writes at once have 12! orders; what was reached before is not tried again.
        var history = Enumerable.Range(0, 12)
            .Select(i => new Timed<RegisterOperation>(i, 100 + i, new RegisterOperation(RegisterAction.Write, $"{i}")))
            .Append(new(200, 201, new RegisterOperation(RegisterAction.Read, "none of them")))
            .ToList();

        Assert.Equal(Verdict.NotLinearizable, LinearizabilityChecker.Check(new RegisterModel(), history, new CheckBudget(Plenty)));
    }

    private static Verdict Judge(string history, long maxSteps = Plenty)
    {
        var lines = history.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(text => text.Split(' ', 4))
            .Select(part => $"INFO  jepsen.util - {part[0]}\t:{part[1]}\t:{part[2]}\t{part[3]}");
        return LinearizabilityChecker.Check(new RegisterModel(), RegisterHistory.Parse(lines), new CheckBudget(maxSteps));
    }
}
