using System.Diagnostics;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.Processes;

/// <summary>A follower as a process of its own, which can be killed and started again on its data.</summary>
internal sealed class FollowerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private FollowerProcess(Process process, Uri address) => (_process, Address, Api) = (process, address, new ApiClient(address));

    public Uri Address { get; }

    public ApiClient Api { get; }

    public static async Task<FollowerProcess> StartAsync(Uri gateway, string id, string directory)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "Quorate.Gateway.dll"),
                "--follow", gateway.ToString(), "--follower", id, "--data", directory, "--urls", "http://127.0.0.1:0",
            ])
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
            Assert.True(line is not null, $"The follower ended with code {(process.WaitForExit(1000) ? process.ExitCode : -1)}.");
        }
        while (!line.StartsWith("Quorate follower", StringComparison.Ordinal));
        _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        return new FollowerProcess(process, new Uri(line.Split(" at ")[1].Split(". ")[0]));
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
}
