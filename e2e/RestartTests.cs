using System.Text.RegularExpressions;

namespace Quorate.EndToEnd;

[Collection(OwnGatewayCollection.Name)]
public sealed class RestartTests(Chromium browser)
{
    [BrowserFact]
    public async Task Gateway_thatHangs_isMissedThoughItsConnectionStandsAndNothingLooksLive()
    {
        await using var gateway = await Gateway.StartAsync();
        await using var tab = await browser.OpenAsync(gateway, "/locks");
        await tab.ExpectLiveAsync();

        await gateway.HangAsync();
        await Expect(tab.TestId("reconnect-modal")).ToBeVisibleAsync(new() { Timeout = (float)Deadlines.Condition.TotalMilliseconds });
        await Expect(tab.TestId("reconnect-since")).ToContainTextAsync(new Regex(@"\d\d:\d\d:\d\d"));
        Assert.Equal("\"stale\"", await tab.TestId("freshness").First.EvaluateAsync<string>("mark => getComputedStyle(mark, '::after').content"));
        Assert.Equal("0px", await tab.TestId("freshness").First.EvaluateAsync<string>("mark => getComputedStyle(mark).fontSize"));

        await gateway.WakeAsync();
        await Expect(tab.TestId("reconnect-modal")).ToBeHiddenAsync(new() { Timeout = (float)Deadlines.Condition.TotalMilliseconds });
    }

    [BrowserFact]
    public async Task Gateway_killedAndStartedAgain_isMissedGreyedAndFoundWithAllData()
    {
        await using var gateway = await Gateway.StartAsync();
        await gateway.PutAsync("restart/kept", "still here");
        await using var tab = await browser.OpenAsync(gateway, "/kv?prefix=restart/");
        await Expect(tab.Row("kv-row", "restart/kept")).ToContainTextAsync("still here");

        await gateway.KillAsync();
        await Expect(tab.TestId("reconnect-modal")).ToBeVisibleAsync();
        await Expect(tab.TestId("reconnect-modal")).ToContainTextAsync("out of date");
        await Expect(tab.Page.Locator("main")).ToHaveCSSAsync("filter", "grayscale(1)");

        await gateway.RestartAsync();
        Assert.Equal("still here", (await gateway.Client.GetKeyAsync("restart/kept")).Value!.Value.GetString());
        await tab.TestId("reconnect-modal").GetByRole(AriaRole.Button, new() { Name = "Reload" }).ClickAsync();
        await tab.ExpectLiveAsync();
        await Expect(tab.TestId("reconnect-modal")).ToBeHiddenAsync();
        await Expect(tab.Row("kv-row", "restart/kept")).ToContainTextAsync("still here");
        await Expect(tab.QuorumSentence).ToContainTextAsync("3 of 3 voters healthy");
    }
}
