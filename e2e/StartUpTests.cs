using System.Net;
using System.Net.Sockets;

namespace Quorate.EndToEnd;

public sealed class StartUpTests : IDisposable
{
    private const int ConfigurationError = 2;

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Start_onAPortThatIsTaken_saysSoInOneLine()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;

        var line = Assert.Single(await RefusedAsync("--urls", $"http://127.0.0.1:{port}", "--data", Path.Combine(_directory.Path, "data")));
        Assert.Contains(port.ToString(), line);
        Assert.Contains("--urls", line);
    }

    [Fact]
    public async Task Start_withADataDirectoryThatCannotBe_saysSoInOneLine()
    {
        var file = Path.Combine(_directory.Path, "file");
        await File.WriteAllTextAsync(file, "not a directory");

        var line = Assert.Single(await RefusedAsync("--urls", "http://127.0.0.1:0", "--data", Path.Combine(file, "data")));
        Assert.Contains(Path.Combine(file, "data"), line);
    }

    [Fact]
    public async Task Start_withSeveralWrongSettings_namesEachInALineOfItsOwn()
    {
        var lines = await RefusedAsync(
            "--urls", "ftp://localhost", "--nodes", "12", "--Cluster:HeartbeatMs", "soon", "--Gateway:MaxPayloadBytes", "1", "--Environment:Color", "1 2 3");

        foreach (var key in new[] { "urls", "Cluster:Embedded:Nodes", "Cluster:HeartbeatMs", "Gateway:MaxPayloadBytes", "Environment:Color" })
        {
            Assert.Single(lines, line => line.StartsWith(key, StringComparison.Ordinal));
        }

        Assert.Equal(5, lines.Length);
    }

    [Fact]
    public async Task Start_withAnUnknownOption_pointsToTheHelp()
    {
        var line = Assert.Single(await RefusedAsync("--colour", "green"));
        Assert.Contains("--colour", line);
        Assert.Contains("--help", line);
    }

    [Fact]
    public async Task Help_explainsTheOptions_andSucceeds()
    {
        await using var process = GatewayProcess.Start(_directory.Path, "--help");

        Assert.Equal(0, await process.ExitCodeAsync());
        Assert.Empty(process.Errors);
        foreach (var option in new[] { "--urls", "--data", "--nodes", "--members", "--demo", "Cluster:HeartbeatMs", "Laboratory:Enabled" })
        {
            Assert.Contains(option, process.Output);
        }
    }

    /// <summary>Starts the gateway with what it must refuse.</summary>
    /// <returns>The lines it leaves on standard error.</returns>
    private async Task<string[]> RefusedAsync(params string[] arguments)
    {
        await using var process = GatewayProcess.Start(_directory.Path, arguments);
        Assert.Equal(ConfigurationError, await process.ExitCodeAsync());
        var lines = process.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.DoesNotContain(lines, line => line.TrimStart().StartsWith("at ", StringComparison.Ordinal) || line.Contains("Exception"));
        Assert.DoesNotContain("console  ", process.Output);
        return lines;
    }
}
