using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace Quorate.Fencing.Tests.Servers;

/// <summary>A real redis-server without persistence, listening on loopback.</summary>
public sealed class RedisServer : IAsyncLifetime
{
    public const string Program = "redis-server";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private Process? _process;
    private ConnectionMultiplexer? _connection;

    public IDatabase Database => _connection!.GetDatabase();

    public async Task InitializeAsync()
    {
        if (ServerProgram.WhyMissing(Program) is not null)
        {
            return;
        }

        var port = FreePort();
        _process = ServerProgram.Start(Program, "--bind", "127.0.0.1", "--port", port.ToString(), "--save", "", "--appendonly", "no");
        _ = _process.StandardOutput.ReadToEndAsync();
        _ = _process.StandardError.ReadToEndAsync();
        _connection = await ConnectAsync($"127.0.0.1:{port},allowAdmin=false");
    }

    public Task DisposeAsync()
    {
        _connection?.Dispose();
        _process?.Kill();
        _process?.Dispose();
        return Task.CompletedTask;
    }

    private static async Task<ConnectionMultiplexer> ConnectAsync(string address)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return await ConnectionMultiplexer.ConnectAsync(address);
            }
            catch (RedisConnectionException) when (watch.Elapsed < Patience)
            {
                await Task.Delay(50);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
