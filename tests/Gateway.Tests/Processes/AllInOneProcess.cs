using System.Diagnostics;
using System.Globalization;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.Processes;

/// <summary>The gateway with its three nodes, as a process of its own with a data directory of its own.</summary>
internal sealed class AllInOneProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly string _directory;

    private AllInOneProcess(Process process, string directory, Uri address) => (_process, _directory, Address) = (process, directory, address);

    public Uri Address { get; }

    /// <summary>The most memory that the process ever had resident.</summary>
    public long PeakResidentBytes => 1024 * long.Parse(
        File.ReadLines($"/proc/{_process.Id}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture);

    public static async Task<AllInOneProcess> StartAsync()
    {
        var directory = Directory.CreateTempSubdirectory("quorate-flood-").FullName;
        var start = new ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "Quorate.Gateway.dll"), "--data", directory, "--urls", "http://127.0.0.1:0"])
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
        while (!line.TrimStart().StartsWith("console ", StringComparison.Ordinal));

        _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var gateway = new AllInOneProcess(process, directory, new Uri(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]));
        using var api = new ApiClient(gateway.Address);
        await Eventually.HoldsAsync(async () => (await api.GetAsync(Contracts.Routes.Ready)).Status == System.Net.HttpStatusCode.OK);
        return gateway;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
