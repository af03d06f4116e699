namespace Quorate.Bench;

/// <summary>The files of one run: data directories and request bodies in a directory of its own, which goes when the run ends.</summary>
internal sealed class Workspace : IDisposable
{
    private readonly string _directory;

    public Workspace(string repository, string dataRoot)
    {
        Repository = repository;
        _directory = Path.Combine(dataRoot, $"run-{Environment.ProcessId}");
        Directory.CreateDirectory(_directory);
    }

    public string Repository { get; }

    public string Root => _directory;

    /// <summary>An executable of this repository, from the same configuration as this program.</summary>
    /// <exception cref="BenchException">It has not been built.</exception>
    public string Executable(string project, string name)
    {
        var framework = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var path = Path.Combine(Repository, project, "bin", framework.Parent!.Name, framework.Name, name);
        return File.Exists(path) ? path : throw new BenchException($"{path} is missing: build it first, as bench/compare.sh does");
    }

    /// <summary>Makes a directory for one process.</summary>
    public string Folder(string name) => Directory.CreateDirectory(Path.Combine(_directory, name)).FullName;

    /// <summary>Writes a request body to a file.</summary>
    public string Body(string name, ReadOnlySpan<byte> content)
    {
        var path = Path.Combine(_directory, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
