using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Quorate.Fencing.Tests.Servers;

/// <summary>A real PostgreSQL with a cluster of its own in a temporary directory, listening on loopback.</summary>
/// <remarks>PostgreSQL refuses to run as root; root hands the directory to the user of Debian's package and starts it as that user.</remarks>
public sealed class PostgresServer : IAsyncLifetime
{
    public const string Program = "initdb";

    private const string Control = "pg_ctl";
    private const string User = "postgres";

    private readonly string _directory = Directory.CreateTempSubdirectory("quorate-postgres-").FullName;
    private bool _running;

    public NpgsqlDataSource Source { get; private set; } = null!;

    private string Data => Path.Combine(_directory, "data");

    public async Task InitializeAsync()
    {
        if (ServerProgram.WhyMissing(Program) is not null)
        {
            return;
        }

        var port = FreePort();
        await AsServerUserAsync(Program, "-D", Data, "-U", User, "-A", "trust", "--no-sync");
        await AsServerUserAsync(
            Control, "-D", Data, "-w", "-l", Path.Combine(_directory, "log"), "-o", $"-p {port} -h 127.0.0.1 -k {_directory} -c fsync=off", "start");
        _running = true;
        Source = NpgsqlDataSource.Create($"Host=127.0.0.1;Port={port};Username={User};Database={User}");
        await using var connection = await Source.OpenConnectionAsync();
        await PostgresFence.InstallAsync(connection);
        await PostgresFence.InstallAsync(connection);
    }

    public async Task DisposeAsync()
    {
        if (_running)
        {
            await Source.DisposeAsync();
            await AsServerUserAsync(Control, "-D", Data, "-w", "-m", "immediate", "stop");
        }

        Directory.Delete(_directory, recursive: true);
    }

    private async Task AsServerUserAsync(string program, params string[] arguments)
    {
        if (Environment.UserName != "root")
        {
            await ServerProgram.RunAsync(program, arguments);
            return;
        }

        await ServerProgram.RunAsync("chown", "-R", User, _directory);
        await ServerProgram.RunAsync("runuser", ["-u", User, "--", ServerProgram.Find(program)!, .. arguments]);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
