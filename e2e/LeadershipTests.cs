using Quorate.Contracts.Cluster;

namespace Quorate.EndToEnd;

[Collection(OwnGatewayCollection.Name)]
public sealed class LeadershipTests(Chromium browser)
{
    [BrowserFact]
    public async Task Leadership_transferredInTheBrowser_isANewTermWithItsCauseAndEveryNodeBelievesIt()
    {
        await using var gateway = await Gateway.StartAsync();
        await using var tab = await browser.OpenAsync(gateway, "/leaders");
        await tab.MarkAsync();
        var first = await gateway.LeaderAsync();
        var target = new[] { "n1", "n2", "n3" }.First(id => id != first);

        await tab.TestId("transfer-leadership").ClickAsync();
        await tab.TestId("transfer-target").SelectOptionAsync(target);
        await Expect(tab.Dialog.GetByTestId("command")).ToContainTextAsync($"\"target\":\"{target}\"");
        await tab.ConfirmAsync(reason: "n1 will be restarted");

        await Expect(tab.TestId("leadership-done")).ToContainTextAsync(target);
        await Expect(tab.QuorumSentence).ToContainTextAsync($"leader {target}");
        var newest = tab.TestId("term-row").First;
        await Expect(newest).ToContainTextAsync(target);
        await Expect(newest).ToContainTextAsync("transfer", new() { IgnoreCase = true });
        await Expect(tab.TestId("belief-row")).ToHaveCountAsync(3);
        foreach (var row in await tab.TestId("belief-row").AllAsync())
        {
            await Expect(row).ToContainTextAsync(target);
        }

        await tab.ExpectNotReloadedAsync();
    }

    [BrowserFact]
    public async Task Election_heldInTheBrowser_isANewTermThatAnOperatorCaused()
    {
        await using var gateway = await Gateway.StartAsync();
        await using var tab = await browser.OpenAsync(gateway, "/leaders");
        var before = (await gateway.Client.GetClusterAsync()).Term;

        await tab.TestId("hold-election").ClickAsync();
        await Expect(tab.TestId("confirm-consequences")).ToContainTextAsync(await gateway.LeaderAsync());
        await tab.ConfirmAsync();

        await Expect(tab.TestId("leadership-done")).ToBeVisibleAsync();
        await Expect(tab.TestId("term-row").First).ToContainTextAsync("operator", new() { IgnoreCase = true });
        Assert.True((await gateway.Client.GetClusterAsync()).Term > before);
    }

    [BrowserFact]
    public async Task Member_addedAndRemovedInTheBrowser_showsWhatTheQuorumBecomesFirst()
    {
        await using var gateway = await Gateway.StartAsync();
        await using var tab = await browser.OpenAsync(gateway, "/topology?view=members");

        await tab.TestId("member-add").ClickAsync();
        await tab.TestId("member-id").FillAsync("n4");
        await Expect(tab.TestId("member-effect")).ToContainTextAsync("4 voters survive no more failures than 3 would");
        await tab.ConfirmAsync();
        var row = tab.Row("member-row", "n4");
        await Expect(row.GetByTestId("member-state")).ToContainTextAsync("voter", new() { IgnoreCase = true });
        await Expect(tab.QuorumSentence).ToContainTextAsync("4 of 4 voters healthy");

        await tab.TestId("member-remove-n4").ClickAsync();
        await Expect(tab.TestId("member-effect")).ToContainTextAsync("Majority");
        await tab.ConfirmAsync(type: "n4", reason: "it was a test");
        await Expect(row).ToHaveCountAsync(0);
        await Expect(tab.QuorumSentence).ToContainTextAsync("3 of 3 voters healthy");
        var members = await gateway.Client.GetClusterAsync();
        Assert.Equal(["n1", "n2", "n3"], members.Nodes.Select(node => node.Id).Order());
    }

    [BrowserFact]
    public async Task Charts_ofEveryNode_areDrawnWhileWritesGoOn()
    {
        await using var gateway = await Gateway.StartAsync();
        await using var writer = new SteadyWriter(gateway);
        await using var tab = await browser.OpenAsync(gateway, "/topology?view=charts");
        await writer.ExpectProgressAsync();

        await Expect(tab.TestId("node-chart")).ToHaveCountAsync(3);
        foreach (var node in await tab.TestId("node-chart").AllAsync())
        {
            await Expect(node.Locator("svg path, svg polyline").First).ToBeAttachedAsync();
        }
    }
}
