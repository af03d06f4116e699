namespace Quorate.Architecture.Tests;

/// <summary>Every source file has a home that docs/ARCHITECTURE.md describes, and every home has something in it.</summary>
public sealed class FolderTests
{
    private const string Document = "docs/ARCHITECTURE.md";

    private static readonly string[] Documented = [.. ReadTable()];

    private static readonly HashSet<string> ProjectFolders = [.. ProjectFile.Shipped.Select(project => Folder(project.Path))];

    [Fact]
    public void SourceFiles_StandInDocumentedFolders()
    {
        Assert.True(Documented.Length > 10, $"the table of folders in {Document} was not read");
        var homeless = Repository.Files("src").Where(file => !IsEntryPoint(file) && !Documented.Any(folder => Holds(folder, file))).ToArray();
        Assert.Empty(homeless);
    }

    [Fact]
    public void DocumentedFolders_HaveFiles()
    {
        var files = Repository.Files("src").ToArray();
        var empty = Documented.Where(folder => !files.Any(file => Holds(folder, file))).ToArray();
        Assert.Empty(empty);
    }

    private static bool Holds(string folder, string file) => file.StartsWith(folder + "/", StringComparison.Ordinal);

    /// <summary>Files directly in a project's folder are its entry points: the project itself, Program, options, registration.</summary>
    private static bool IsEntryPoint(string file) => ProjectFolders.Contains(Folder(file));

    private static string Folder(string file) => file[..file.LastIndexOf('/')];

    /// <summary>The first column of the table below the heading "Where things live": <c>| `src/…` | what is there |</c>.</summary>
    private static IEnumerable<string> ReadTable() => Repository.Lines(Document)
        .SkipWhile(line => line != "## Where things live")
        .Skip(1)
        .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
        .Where(line => line.StartsWith("| `src/", StringComparison.Ordinal))
        .Select(line => line.Split('`')[1]);
}
