using System.Diagnostics;
using System.Text.RegularExpressions;
using Quorate.Contracts.Locks;

namespace Quorate.EndToEnd;

/// <summary>Runs the tour of README.md as it stands there, but for the port.</summary>
public sealed partial class ReadmeTests
{
    private const string DefaultAddress = "localhost:5080";

    [Fact]
    public async Task Tour_runBlockByBlock_answersAsTheTextSays()
    {
        await using var gateway = await Gateway.StartAsync();
        var blocks = Blocks("## Five minutes with curl");
        Assert.Equal(6, blocks.Count);

        var put = await RunAsync(gateway, blocks[0]);
        Assert.Contains("\"revision\":", put);
        Assert.Contains("\"perSecond\":100", put.Replace(" ", ""));

        var conditional = await RunAsync(gateway, blocks[1]);
        Assert.Contains("revision_mismatch", conditional);
        Assert.Contains("\"current\":", conditional);

        Assert.Contains("\"fencingToken\":", await RunAsync(gateway, blocks[2]));

        var waiting = RunAsync(gateway, blocks[3]);
        await Deadlines.EventuallyAsync(
            async () => (await gateway.Client.GetLockAsync("printer")).Waiters.Any(waiter => waiter.Owner == "you"), "you wait for the printer");
        await gateway.Client.ReleaseLockAsync("printer", new ReleaseLockRequest("me", (await gateway.Client.GetLockAsync("printer")).FencingToken));
        Assert.Contains("\"owner\":\"you\"", await waiting);

        var message = await RunAsync(gateway, blocks[4]);
        Assert.Contains("\"receipt\":", message);
        Assert.Contains("\"to\":\"you\"", message.Replace(" ", ""));

        var leader = await gateway.LeaderAsync();
        var failover = await RunAsync(gateway, blocks[5]);
        Assert.Contains($"{{\"id\":\"{leader}\",\"state\":\"stopped\"}}", failover);
        Assert.Contains("\"key\":\"still\"", failover);
        Assert.Contains($"{{\"id\":\"{leader}\",\"state\":\"running\"}}", failover);
        Assert.Equal("here", (await gateway.Client.GetKeyAsync("still")).Value!.Value.GetString());
        Assert.NotEqual(leader, await gateway.LeaderAsync());
    }

    [Fact]
    public void Links_ofTheReadme_leadToFiles()
    {
        var missing = Link().Matches(Readme()).Select(link => link.Groups[1].Value)
            .Where(link => !link.Contains("://") && !Path.Exists(Path.Combine(Paths.Repository, link)));
        Assert.Empty(missing);
    }

    private static async Task<string> RunAsync(Gateway gateway, string commands)
    {
        var start = new ProcessStartInfo("bash", ["-e", "-o", "pipefail", "-c", commands.Replace(DefaultAddress, gateway.Address.Authority)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var limit = new CancellationTokenSource(Deadlines.ProcessStart);
        using var shell = Process.Start(start)!;
        var errors = shell.StandardError.ReadToEndAsync(limit.Token);
        var output = await shell.StandardOutput.ReadToEndAsync(limit.Token);
        await shell.WaitForExitAsync(limit.Token);
        Assert.True(shell.ExitCode == 0, $"exit code {shell.ExitCode} of: {commands}\n{await errors}");
        return output;
    }

    private static List<string> Blocks(string heading)
    {
        var section = Readme().Split(heading)[1].Split("\n## ")[0];
        return [.. Fence().Matches(section).Select(block => block.Groups[1].Value)];
    }

    private static string Readme() => File.ReadAllText(Path.Combine(Paths.Repository, "README.md"));

    [GeneratedRegex(@"^```\w*\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"\]\(([^)#]+)\)")]
    private static partial Regex Link();
}
