using System.Diagnostics;

namespace Quorate.Gateway.Tests.Processes;

/// <summary>A gateway as a process of its own, which can be killed and started again on its data.</summary>
internal sealed class GatewayServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private GatewayServer(Process process, Uri address) => (_process, Address, Http) = (process, address, new HttpClient { BaseAddress = address });

    public Uri Address { get; }

    public HttpClient Http { get; }

    public static async Task<GatewayServer> StartAsync(string directory, params string[] settings)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "Quorate.Gateway.dll"), "--data", directory, "--urls", "http://127.0.0.1:0", .. settings])
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Patience);
        string? line;
        do
        {
            line = await process.StandardOutput.ReadLineAsync(limit.Token);
            Assert.True(line is not null, $"The gateway ended with code {(process.WaitForExit(1000) ? process.ExitCode : -1)}.");
        }
        while (!line.Contains("  console", StringComparison.Ordinal));
        _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        return new GatewayServer(process, new Uri(line.Trim().Split(' ')[^1]));
    }

    /// <summary>Kills it as the kernel would: nothing is flushed, nothing is said.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }
}
