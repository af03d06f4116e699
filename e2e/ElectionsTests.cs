using System.Text.Json;
using Quorate.Contracts.Elections;

namespace Quorate.EndToEnd;

[Collection(SharedCollection.Name)]
public sealed class ElectionsTests(SharedGateway shared, Chromium browser)
{
    private readonly Gateway _gateway = shared.Gateway;

    [BrowserFact]
    public async Task Election_ledOverRest_isSeenLive()
    {
        await using var tab = await browser.OpenAsync(_gateway, "/elections");
        await tab.MarkAsync();
        var first = await _gateway.Client.CampaignAsync("jobs/report", new CampaignRequest("alice", JsonSerializer.SerializeToElement(new { host = "h1" }), TtlMs: 120_000));
        await _gateway.Client.CampaignAsync("jobs/report", new CampaignRequest("bob", TtlMs: 120_000));
        var row = tab.Row("election-row", "jobs/report");
        await Expect(row).ToContainTextAsync("alice");

        await row.ClickAsync();
        await tab.ExpectUrlAsync("election=jobs%2Freport");
        await Expect(tab.TestId("election-value")).ToContainTextAsync("h1");
        await Expect(tab.TestId("election-candidate")).ToContainTextAsync("bob");

        await _gateway.Client.ResignAsync("jobs/report", new ResignRequest("alice", first.FencingToken), "done for today");
        await Expect(tab.TestId("election-leader")).ToContainTextAsync("bob");
        await Expect(tab.TestId("election-term")).ToContainTextAsync("done for today");
        await tab.ExpectNotReloadedAsync();
    }

    [BrowserFact]
    public async Task Leader_madeToResignInTheDialog_isFollowedByTheNext()
    {
        await _gateway.Client.CampaignAsync("jobs/clean", new CampaignRequest("alice", TtlMs: 120_000));
        var waiting = _gateway.Client.CampaignAsync("jobs/clean", new CampaignRequest("bob", TtlMs: 120_000, WaitMs: 60_000));
        await using var tab = await browser.OpenAsync(_gateway, "/elections?election=jobs/clean");
        await Expect(tab.TestId("election-candidate")).ToContainTextAsync("bob");

        await tab.TestId("election-resign").ClickAsync();
        await Expect(tab.TestId("confirm-consequences")).ToContainTextAsync("bob leads next");
        await tab.ConfirmAsync(type: "jobs/clean", reason: "alice hangs");

        await Expect(tab.TestId("election-leader")).ToContainTextAsync("bob");
        Assert.True((await waiting).Elected);
        await tab.GoAsync("/");
        await Expect(tab.TestId("event-row").Filter(new() { HasText = "jobs/clean" })).ToContainTextAsync("alice hangs");
    }
}
