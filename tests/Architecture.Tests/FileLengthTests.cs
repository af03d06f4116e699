namespace Quorate.Architecture.Tests;

/// <summary>A file has one duty. One that needs more than 400 lines for it is named here, with the reason.</summary>
public sealed class FileLengthTests
{
    private const int MaxLines = 400;

    private static readonly Dictionary<string, string> LongFiles = [];

    [Fact]
    public void SourceFiles_AreShort_OrSayWhyNot()
    {
        string[] folders = ["src", "tests", "e2e", "bench"];
        string[] patterns = ["*.cs", "*.razor"];
        var tooLong = folders.SelectMany(folder => patterns.SelectMany(pattern => Repository.Files(folder, pattern)))
            .Where(path => Repository.Lines(path).Length > MaxLines)
            .ToArray();
        Assert.Empty(tooLong.Except(LongFiles.Keys));
        Assert.Empty(LongFiles.Keys.Except(tooLong));
    }
}
