using System.Text.RegularExpressions;
using Quorate.Contracts.Cluster;

namespace Quorate.EndToEnd;

[Collection(OwnGatewayCollection.Name)]
public sealed class FailoverTests(Chromium browser)
{
    [BrowserFact]
    public async Task Leader_stoppedInTheBrowser_isReplacedWhileWritesGoOn()
    {
        await using var gateway = await Gateway.StartAsync();
        await using var writer = new SteadyWriter(gateway);
        await using var tab = await browser.OpenAsync(gateway, "/topology");
        await tab.MarkAsync();
        var first = await gateway.LeaderAsync();
        await Expect(tab.TestId($"node-card-{first}")).ToHaveAttributeAsync("data-role", NodeRoles.Leader);
        await writer.ExpectProgressAsync();

        await tab.TestId($"node-stop-{first}").ClickAsync();
        var consequences = tab.TestId("confirm-consequences");
        await Expect(consequences).ToContainTextAsync("2 of 3 voters remain; writes go on; the next failure stops writes.");
        await Expect(consequences).ToContainTextAsync($"{first} leads now.");
        await tab.ConfirmAsync(type: first, reason: "failover drill");

        await Expect(tab.TestId($"node-card-{first}")).ToHaveAttributeAsync("data-health", NodeHealths.Stopped);
        var second = await NewLeaderAsync(tab, first);
        await Expect(tab.QuorumSentence).ToContainTextAsync("2 of 3 voters healthy, the next failure stops writes");
        await Expect(tab.QuorumSentence).ToHaveAttributeAsync("data-severity", "warning");
        Assert.Equal(second, await gateway.LeaderAsync());
        await writer.ExpectProgressAsync();

        await tab.TestId($"node-stop-{second}").ClickAsync();
        await Expect(consequences).ToContainTextAsync("1 of 3 voters remain: no quorum. Every write is refused until a majority is back.");
        await tab.TestId("confirm-cancel").ClickAsync();
        await Expect(tab.Dialog).ToHaveCountAsync(0);

        await tab.TestId($"node-start-{first}").ClickAsync();
        await tab.ConfirmAsync();
        await ExpectWholeAsync(tab);
        await Expect(tab.TestId($"node-card-{first}")).ToHaveAttributeAsync("data-role", NodeRoles.Follower);
        await writer.ExpectProgressAsync();
        await writer.ExpectNothingLostAsync();
        await tab.ExpectNotReloadedAsync();
    }

    [BrowserFact]
    public async Task Leader_isolatedInTheBrowser_isReplacedAndFollowsOnceHealed()
    {
        await using var gateway = await Gateway.StartAsync();
        await using var writer = new SteadyWriter(gateway);
        await using var tab = await browser.OpenAsync(gateway, "/topology");
        var first = await gateway.LeaderAsync();
        await writer.ExpectProgressAsync();

        await tab.TestId($"node-isolate-{first}").ClickAsync();
        await tab.ConfirmAsync(type: first);
        await Expect(tab.TestId($"node-card-{first}")).ToHaveAttributeAsync("data-health", NodeHealths.Isolated);
        await NewLeaderAsync(tab, first);
        await Expect(tab.Page.Locator($"[data-testid^='link-'][data-testid*='{first}'][data-state='{LinkStates.Cut}']")).ToHaveCountAsync(2);
        await writer.ExpectProgressAsync();

        await tab.TestId($"node-heal-{first}").ClickAsync();
        await tab.ConfirmAsync();
        await ExpectWholeAsync(tab);
        await Expect(tab.TestId($"node-card-{first}")).ToHaveAttributeAsync("data-role", NodeRoles.Follower);
        await writer.ExpectProgressAsync();
        await writer.ExpectNothingLostAsync();
    }

    private static async Task<string> NewLeaderAsync(Tab tab, string old)
    {
        await Expect(tab.QuorumSentence).ToContainTextAsync(new Regex($@"leader (?!{old}\b)n\d"));
        return Regex.Match(await tab.QuorumSentence.InnerTextAsync(), @"leader (n\d)").Groups[1].Value;
    }

    private static Task ExpectWholeAsync(Tab tab) =>
        Expect(tab.QuorumSentence).ToContainTextAsync("3 of 3 voters healthy, survives 1 failure");
}
