namespace Quorate.Core.Tests.StateMachine.Scenarios;

/// <summary>Runs every file in the folders of <c>scenarios/</c>. Their language is explained at <see cref="PrimitiveScenario"/>.</summary>
public sealed class PrimitiveScenarioTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "scenarios");

    public static TheoryData<string> Files() => new(
        Directory.GetDirectories(Folder).SelectMany(folder => Directory.GetFiles(folder, "*.txt"))
            .Select(path => Path.GetRelativePath(Folder, path)).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Files))]
    public void Scenario_Run_AnswersWhatItSays(string file)
    {
        var lines = File.ReadAllLines(Path.Combine(Folder, file));
        Assert.True(lines[0].StartsWith('#'), $"{file} begins with a comment that says what it is about");
        Assert.Contains(lines, line => line.Contains("->", StringComparison.Ordinal));
        new PrimitiveScenario(file).Run(lines);
    }

    [Theory]
    [InlineData("queue q", "enqueue q a", "ready q -> b")]
    [InlineData("queue q", "dequeue q c wait=100", "enqueue q a")]
    [InlineData("queue q", "enqueue q a delay=5")]
    [InlineData("swim q")]
    public void Scenario_ThatSaysSomethingWrong_Fails(params string[] lines) =>
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => new PrimitiveScenario("wrong").Run(lines));
}
