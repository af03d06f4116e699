using System.Text.RegularExpressions;

namespace Quorate.Architecture.Tests;

/// <summary>Admin.sln opens everything, each project in a solution folder.</summary>
public sealed partial class SolutionTests
{
    private static readonly string Solution = Repository.Read("Admin.sln");

    [Fact]
    public void Solution_Contains_EveryProjectAndNoOther()
    {
        var listed = ProjectLine().Matches(Solution).Select(match => match.Groups["path"].Value.Replace('\\', '/')).Order(StringComparer.Ordinal);
        Assert.Equal(ProjectFile.All.Select(project => project.Path).Order(StringComparer.Ordinal), listed);
    }

    [Fact]
    public void Solution_Projects_StandInSolutionFolders()
    {
        var nested = Solution[Solution.IndexOf("GlobalSection(NestedProjects)", StringComparison.Ordinal)..];
        var loose = ProjectLine().Matches(Solution)
            .Where(match => !nested.Contains(match.Groups["id"].Value + " = ", StringComparison.Ordinal))
            .Select(match => match.Groups["path"].Value);
        Assert.Empty(loose);
    }

    [GeneratedRegex("""^Project\("[^"]+"\) = "[^"]+", "(?<path>[^"]+\.csproj)", "(?<id>[^"]+)""", RegexOptions.Multiline)]
    private static partial Regex ProjectLine();
}
