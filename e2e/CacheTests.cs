namespace Quorate.EndToEnd;

[Collection(SharedCollection.Name)]
public sealed class CacheTests(SharedGateway shared, Chromium browser)
{
    private readonly Gateway _gateway = shared.Gateway;

    [BrowserFact]
    public async Task Value_putLookedUpAndDeleted_isSeenInThePanel()
    {
        await using var tab = await browser.OpenAsync(_gateway, "/cache");
        await Expect(tab.TestId("cache-redis")).ToHaveAttributeAsync("data-state", "off");
        await tab.TestId("cache-put-open").ClickAsync();
        await tab.TestId("cache-put-key").FillAsync("e2e:anvil");
        await tab.TestId("cache-put-value").FillAsync("""{ "price": 42 }""");
        await tab.ConfirmAsync(reason: "first value");

        await tab.ExpectUrlAsync("key=e2e%3Aanvil");
        await Expect(tab.TestId("cache-value")).ToContainTextAsync("42");
        await Expect(tab.Row("cache-prefix", "e2e")).ToBeVisibleAsync();

        await tab.TestId("cache-delete").ClickAsync();
        await tab.ConfirmAsync(reason: "price changed");
        await Expect(tab.TestId("cache-panel")).ToContainTextAsync("No layer has this key");
        Assert.Equal("cache_miss", (await Assert.ThrowsAsync<Quorate.Client.QuorateException>(() => _gateway.Client.GetCachedAsync("e2e:anvil"))).Code);
    }
}
