using System.Net;
using System.Net.Sockets;

namespace Quorate.Bench.Peers;

/// <summary>An rsync daemon on loopback with one directory, read and written without encryption.</summary>
internal sealed class RsyncDaemon : IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(10);

    private readonly ChildProcess _process;
    private readonly int _port = Ports.Free(1)[0];

    public RsyncDaemon(Workspace workspace)
    {
        var folder = workspace.Folder("rsync");
        Directory = Path.Combine(folder, "data");
        System.IO.Directory.CreateDirectory(Directory);
        var configuration = Path.Combine(folder, "rsyncd.conf");
        File.WriteAllText(configuration, $"""
            use chroot = no
            pid file = {Path.Combine(folder, "pid")}
            [bench]
            path = {Directory}
            read only = no
            uid = {Environment.UserName}
            gid = *
            """);
        _process = new ChildProcess("rsync daemon", "rsync", folder, "--daemon", "--no-detach", $"--config={configuration}", "--address=127.0.0.1", $"--port={_port}");
    }

    public string Directory { get; }

    public string Url(string file) => $"rsync://127.0.0.1:{_port}/bench/{file}";

    public Task AwaitReadyAsync(CancellationToken cancel) => Wait.UntilAsync("the rsync daemon listens", StartLimit, async attempt =>
    {
        _process.EnsureRuns();
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, _port, attempt);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }, cancel);

    public void Dispose() => _process.Dispose();
}
