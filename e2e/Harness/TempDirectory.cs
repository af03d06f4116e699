namespace Quorate.EndToEnd.Harness;

internal sealed class TempDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("quorate-e2e-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
