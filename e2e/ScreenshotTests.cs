namespace Quorate.EndToEnd;

/// <summary>Every page as people see it, kept under artifacts/screenshots to be looked at; and that no page is wider than its window.</summary>
[Collection(OwnGatewayCollection.Name)]
public sealed class ScreenshotTests(Chromium browser)
{
    /// <summary>When set to <c>true</c>, the picture in README.md is taken anew.</summary>
    private const string UpdateImages = "UPDATE_IMAGES";

    /// <summary>Seconds of the demo that the picture in README.md should show.</summary>
    private const int SecondsOfLife = 20;

    private static readonly Look[] Looks = [Look.Light, Look.Dark, Look.Phone, Look.Chinese];

    private static readonly (string Name, string Path, string Ready)[] Pages =
    [
        ("overview", "/", "event-row"),
        ("topology", "/topology", "node-graph"),
        ("topology-node", "/topology?node=n1", "node-panel"),
        ("locks", "/locks", "data"),
        ("queues", "/queues", "queue-row"),
        ("queue", "/queues/detail?queue=demo/orders", "queue-figures"),
        ("queue-message", "/queues/detail?queue=demo/mails&view=delayed", "queue-message"),
        ("queue-configuration", "/queues/detail?queue=demo/orders&view=configuration", "queue-counters"),
        ("key-value", "/kv", "kv-row"),
        ("key-value-prefix", "/kv?prefix=demo/stock/", "kv-row"),
        ("key-value-key", "/kv?prefix=demo/stock/&key=demo/stock/anvil", "kv-editor"),
        ("key-value-create", "/kv?create=true", "kv-new-key"),
        ("key-value-history", "/kv?prefix=demo/config/&key=demo/config/limits", "kv-history-row"),
        ("cache", "/cache", "cache-prefix"),
        ("cache-key", "/cache?key=demo-product:0", "cache-panel"),
        ("blobs", "/blobs", "blob-transfer"),
        ("documents", "/documents", "collection-row"),
        ("documents-collection", "/documents?collection=demo/customers", "document-row"),
        ("documents-document", "/documents?collection=demo/customers&key=customer-07", "document-panel"),
        ("replication", "/replication", "follower-chart"),
        ("elections", "/elections", "election-row"),
        ("election", "/elections?election=demo/nightly-report", "election-leader"),
        ("events", "/events", "bus-event"),
        ("events-statistics", "/events?view=statistics", "event-topic"),
        ("events-routing", "/events?view=routing", "event-routing"),
        ("not-found", "/no/such/page", "frame"),
    ];

    [BrowserFact]
    public async Task Pages_inEveryLook_fitTheirWindow()
    {
        await using var gateway = await Gateway.StartAsync("--demo");
        var tooWide = new List<string>();
        foreach (var look in Looks)
        {
            await using var tab = await browser.OpenAsync(gateway, "/", look);
            foreach (var (name, path, ready) in Pages)
            {
                await tab.GoAsync(path);
                await Expect(ready == "data" ? tab.Page.Locator(".data-table") : tab.TestId(ready).First).ToBeVisibleAsync();
                if (ready == "node-graph")
                {
                    await Expect(tab.TestId(ready)).ToHaveAttributeAsync("data-layout", look == Look.Phone ? "narrow" : "wide");
                    Assert.False(await tab.TestId(ready).EvaluateAsync<bool>("graph => graph.parentElement.scrollWidth > graph.parentElement.clientWidth"), "the graph scrolls sideways");
                }

                await ShootAsync(tab, $"{name}-{look.Name}.png");
                if (look == Look.Phone && await tab.Page.EvaluateAsync<bool>("[...document.querySelectorAll('table.stacked')].some(table => table.scrollWidth > table.parentElement.clientWidth)"))
                {
                    tooWide.Add($"a table of {name}");
                }

                if (await tab.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"))
                {
                    tooWide.Add($"{name} {look.Name}");
                }
            }
        }

        await DialogsAsync(gateway);
        await ReadmeImageAsync(gateway);
        Assert.Empty(tooWide);
    }

    private async Task DialogsAsync(Gateway gateway)
    {
        foreach (var look in new[] { Look.Light, Look.Dark, Look.Phone })
        {
            await using var tab = await browser.OpenAsync(gateway, "/topology", look);
            await tab.TestId("node-stop-n2").ClickAsync();
            await Expect(tab.TestId("confirm-input")).ToBeFocusedAsync();
            await ShootAsync(tab, $"dialog-{look.Name}.png");
            await tab.TestId("confirm-cancel").ClickAsync();
            await tab.TestId("command-palette-open").ClickAsync();
            await Expect(tab.TestId("palette-input")).ToBeFocusedAsync();
            await ShootAsync(tab, $"palette-{look.Name}.png");
        }
    }

    private async Task ReadmeImageAsync(Gateway gateway)
    {
        await using var tab = await browser.OpenAsync(gateway, "/");
        await Deadlines.EventuallyAsync(
            async () => (await gateway.Client.GetClusterAsync()).Nodes.Max(node => node.UptimeMs) > SecondsOfLife * 1000, "the demo has run for a while");
        await ShootAsync(tab, "readme-overview.png");
        if (Environment.GetEnvironmentVariable(UpdateImages) == "true")
        {
            File.Copy(Path.Combine(Paths.Screenshots, "readme-overview.png"), Path.Combine(Paths.Repository, "docs", "images", "overview.png"), overwrite: true);
        }
    }

    private static Task ShootAsync(Tab tab, string file) =>
        tab.Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Paths.Screenshots, file), Animations = ScreenshotAnimations.Disabled });
}
