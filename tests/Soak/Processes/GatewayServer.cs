namespace Quorate.Soak.Processes;

/// <summary>The gateway, started again and again at the same address.</summary>
/// <param name="members">As for <c>--members</c>.</param>
internal sealed class GatewayServer(Uri address, string members, string directory) : IDisposable
{
    private ChildProcess? _process;

    public bool IsRunning => _process is not null;

    public void Start() => _process = new ChildProcess(
        "gateway",
        Executables.Gateway,
        Path.Combine(directory, "gateway.log"),
        line: null,
        "--urls", address.GetLeftPart(UriPartial.Authority),
        "--members", members,
        "--data", Path.Combine(directory, "gateway"),
        "--Logging:LogLevel:Default", "Information",
        "--Logging:LogLevel:Microsoft", "Warning");

    public void Kill()
    {
        _process?.EnsureRuns();
        Dispose();
    }

    public void EnsureRuns() => _process?.EnsureRuns();

    public void Dispose()
    {
        _process?.Dispose();
        _process = null;
    }
}
