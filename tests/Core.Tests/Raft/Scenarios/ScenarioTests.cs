namespace Quorate.Core.Tests.Raft.Scenarios;

/// <summary>Runs every file of <c>scenarios/</c>. Their language is explained at <see cref="Scenario"/>.</summary>
public sealed class ScenarioTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "scenarios");

    public static TheoryData<string> Files() =>
        new(Directory.GetFiles(Folder, "*.txt").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Files))]
    public void Scenario_Run_HoldsWhatItSays(string file)
    {
        var lines = File.ReadAllLines(Path.Combine(Folder, file));
        Assert.True(
            lines[0].StartsWith('#') && (lines[0].Contains('§') || lines[0].Contains("figure")),
            $"{file} begins with a comment that cites a section or a figure");
        new Scenario(file).Run(lines);
    }
}
