using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Quorate.Contracts;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.Processes;

/// <summary>A gateway with its nodes as a process of its own, which can be killed and started again on its data.</summary>
internal sealed class GatewayServer : IAsyncDisposable
{
    private readonly Process _process;

    private GatewayServer(Process process, Uri address) => (_process, Address, Api) = (process, address, new ApiClient(address));

    public Uri Address { get; }

    public ApiClient Api { get; }

    public static async Task<GatewayServer> StartAsync(string directory)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var process = Process.Start(new ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "Quorate.Gateway.dll"), "--urls", address.ToString(), "--data", directory])
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
        })!;
        _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var server = new GatewayServer(process, address);
        await Eventually.HoldsAsync(server.IsReadyAsync);
        return server;
    }

    /// <summary>Kills it as the kernel would: nothing is flushed, nothing is said.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private async Task<bool> IsReadyAsync()
    {
        Assert.False(_process.HasExited);
        try
        {
            return (await Api.GetAsync(Routes.Ready)).Status == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
