using System.Diagnostics;
using Xunit.Abstractions;

namespace Quorate.Node.Tests.Processes;

/// <summary>The soak of real processes, short. Longer: <c>./soak.sh</c>.</summary>
[Collection(Alone.Name)]
public sealed class SoakTests(ITestOutputHelper output)
{
    private const int Rounds = 10;

    /// <summary>Far more than it takes; a machine under load is slow to start processes.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Farewell = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Ten_rounds_of_faults_lose_no_acknowledged_write_and_stay_linearizable()
    {
        // Beside the tests' own output, in the same configuration.
        var framework = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var soak = Path.Combine(Root(framework), "tests/Soak/bin", framework.Parent!.Name, framework.Name, "Quorate.Soak.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", soak, "--short", "--rounds", $"{Rounds}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (said, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // It puts its processes and its disk away before it ends.
            using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
            if (!process.WaitForExit(Farewell))
            {
                process.Kill(entireProcessTree: true);
            }
        }

        var report = await said + await errors;
        output.WriteLine(report);
        Assert.True(process.ExitCode == 0, report);
    }

    private static string Root(DirectoryInfo below)
    {
        for (var folder = below; folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Admin.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"no Admin.sln above {below.FullName}");
    }
}
