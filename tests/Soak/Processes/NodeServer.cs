namespace Quorate.Soak.Processes;

/// <summary>One <c>quorate-node</c>, started again and again on the same port and data directory.</summary>
/// <param name="peers">As for <c>--peers</c>.</param>
internal sealed class NodeServer(string id, int port, string data, string peers, string logFile) : IDisposable
{
    private const string FullDiskLine = "No space on the disk";

    private ChildProcess? _process;
    private int _fullDisks;

    public string Id => id;

    public string Data => data;

    public bool IsRunning => _process is not null;

    public bool IsPaused => _process is { IsPaused: true };

    /// <summary>How often the node has said that its disk is full.</summary>
    public int FullDisks => Volatile.Read(ref _fullDisks);

    public void Start() => _process = new ChildProcess(
        id, Executables.Node, logFile, Count, "--id", id, "--listen", $"127.0.0.1:{port}", "--peers", peers, "--data", data);

    /// <summary>As a power failure.</summary>
    public void Kill() => End(process => process.Kill());

    /// <summary>As an operator.</summary>
    /// <exception cref="SoakFailure">It ended with another exit code than 0.</exception>
    public void Terminate() => End(process =>
    {
        if (process.Terminate() is not 0 and var exitCode)
        {
            throw new SoakFailure($"{id} was told to stop and ended with exit code {exitCode}");
        }
    });

    public void Pause() => _process?.Pause();

    public void Resume() => _process?.Resume();

    public void EnsureRuns() => _process?.EnsureRuns();

    public void Dispose()
    {
        _process?.Dispose();
        _process = null;
    }

    private void End(Action<ChildProcess> end)
    {
        if (_process is { } process)
        {
            process.EnsureRuns();
            end(process);
            process.Dispose();
            _process = null;
        }
    }

    private void Count(string line)
    {
        if (line.Contains(FullDiskLine, StringComparison.Ordinal))
        {
            Interlocked.Increment(ref _fullDisks);
        }
    }
}
