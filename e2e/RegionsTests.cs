using System.Text.Json;
using Deque.AxeCore.Playwright;
using Quorate.Client;
using Quorate.Contracts.Documents;
using Quorate.Contracts.Regions;

namespace Quorate.EndToEnd;

/// <summary>Three regions in one process: cut, both write, heal, settle, undo, all in the browser.</summary>
[Collection(OwnGatewayCollection.Name)]
public sealed class RegionsTests(Chromium browser)
{
    private static readonly string[] Grave = ["serious", "critical"];
    private static readonly Look[] Looks = [Look.Light, Look.Dark, Look.Phone, Look.Chinese];

    [BrowserFact]
    public async Task Conflict_madeByACutLink_appearsIsSettledAndUndoneInTheBrowser()
    {
        await using var gateway = await Gateway.StartAsync("--regions", "eu,us,ap");
        var (eu, us) = (gateway.Client, gateway.Client.In("us"));
        await eu.CreateCollectionAsync("customers", ConflictStrategies.Manual);
        await eu.PutDocumentAsync("customers", "alice", Value("""{ "name": "Alice", "city": "Paris", "address": { "street": "Rue 1", "zip": 75001 } }"""));
        await ExpectAsync(us, "alice", "Paris");

        await using var conflicts = await browser.OpenAsync(gateway, "/conflicts");
        await Expect(conflicts.TestId("empty-state")).ToBeVisibleAsync();
        await conflicts.MarkAsync();
        await using var tab = await browser.OpenAsync(gateway, "/replication?view=regions");
        await tab.MarkAsync();
        await tab.TestId("link-cut-eu-us").ClickAsync();
        await Expect(tab.TestId("confirm-consequences")).ToContainTextAsync("stop in both directions");
        await tab.ConfirmAsync(reason: "drill");
        await Expect(tab.TestId("region-link-eu-us")).ToHaveAttributeAsync("data-state", "cut");

        await eu.PutDocumentAsync("customers", "alice", Value("""{ "name": "Alice", "city": "Oslo", "address": { "street": "Rue 1", "zip": 150 } }"""));
        await us.PutDocumentAsync("customers", "alice", Value("""{ "name": "Alice", "city": "Boston", "address": { "street": "Main 5", "zip": 2101 }, "phone": "617" }"""));
        await ShootAsync(gateway, "regions-cut", "/replication?view=regions&region=us", "region-panel");

        await tab.TestId("link-heal-eu-us").ClickAsync();
        await tab.ConfirmAsync();
        await Expect(conflicts.TestId("conflict-row")).ToContainTextAsync("alice");
        await Expect(conflicts.TestId("nav-conflicts-badge")).ToHaveTextAsync("1");
        await conflicts.ExpectNotReloadedAsync();
        await tab.ExpectNotReloadedAsync();

        await conflicts.TestId("conflict-row").ClickAsync();
        await Expect(conflicts.Row("conflict-field", "city")).ToContainTextAsync("Boston");
        await Expect(conflicts.Row("conflict-field", "address.zip")).ToContainTextAsync("150");
        await ShootAsync(gateway, "conflict", new Uri(conflicts.Page.Url).PathAndQuery, "causal-graph");
        await ShootAsync(gateway, "conflicts", "/conflicts", "conflict-row");
        await ShootAsync(gateway, "documents-in-conflict", "/documents?region=us&collection=customers&key=alice", "document-has-conflict");

        await conflicts.TestId("conflict-merge").ClickAsync();
        await conflicts.Row("conflict-field", "city").GetByTestId("pick-eu").CheckAsync();
        await conflicts.Row("conflict-field", "address.zip").GetByTestId("pick-eu").CheckAsync();
        await conflicts.TestId("conflict-merge-save").ClickAsync();
        await Expect(conflicts.TestId("resolve-preview")).ToContainTextAsync("Oslo");
        await ShootAsync(conflicts, "conflict-merge-light.png");
        await conflicts.ConfirmAsync(reason: "asked Alice");
        await Expect(conflicts.TestId("conflict-done")).ToBeVisibleAsync();
        await Expect(conflicts.TestId("conflict-settlement")).ToContainTextAsync("asked Alice");
        await ExpectAsync(eu, "alice", "Oslo");
        await ExpectAsync(us, "alice", "Oslo");

        await conflicts.TestId("conflict-undo").ClickAsync();
        await conflicts.ConfirmAsync();
        await Expect(conflicts.Row("causal-node", "settlement-1")).ToBeVisibleAsync();
        await ExpectAsync(eu, "alice", "Boston");
        await ExpectAsync(us, "alice", "Boston");
        await ShootAsync(gateway, "conflict-undone", new Uri(conflicts.Page.Url).PathAndQuery, "conflict-settlement");
        await ShootAsync(gateway, "regions", "/replication?view=regions", "clock-row");
        await CheckAsync(gateway, new Uri(conflicts.Page.Url).PathAndQuery);
    }

    [BrowserFact]
    public async Task Conflicts_several_areSettledTogetherAfterADryRun()
    {
        await using var gateway = await Gateway.StartAsync("--regions", "eu,us");
        var (eu, us) = (gateway.Client, gateway.Client.In("us"));
        await eu.CreateCollectionAsync("stock", ConflictStrategies.Manual);
        await eu.PutDocumentAsync("stock", "first", Value("1"));
        await ExpectAsync(us, "first", "1", "stock");
        await eu.CutLinkAsync("eu", "us");
        foreach (var key in new[] { "anvil", "bolt", "clamp" })
        {
            await eu.PutDocumentAsync("stock", key, Value("""{ "count": 1 }"""));
            await us.PutDocumentAsync("stock", key, Value("""{ "count": 2 }"""));
        }

        await eu.HealLinkAsync("eu", "us");
        await using var tab = await browser.OpenAsync(gateway, "/conflicts?collection=stock");
        await Expect(tab.TestId("conflict-row")).ToHaveCountAsync(3);
        await tab.TestId("view-bulk").ClickAsync();
        await tab.TestId("bulk-how").SelectOptionAsync("take:eu");
        await tab.TestId("bulk-try").ClickAsync();
        await Expect(tab.TestId("bulk-row")).ToHaveCountAsync(3);
        await ShootAsync(tab, "conflicts-bulk-light.png");
        await tab.TestId("bulk-resolve").ClickAsync();
        await tab.ConfirmAsync(type: "3", reason: "eu counted");
        await Expect(tab.TestId("bulk-done")).ToContainTextAsync("3 of 3");
        foreach (var key in new[] { "anvil", "bolt", "clamp" })
        {
            await ExpectAsync(us, key, "1", "stock");
        }
    }

    [BrowserFact]
    public async Task Pages_withoutRegions_teachHowToRunThem()
    {
        await using var gateway = await Gateway.StartAsync();
        foreach (var page in new[] { "/replication?view=regions", "/conflicts" })
        {
            await using var tab = await browser.OpenAsync(gateway, page);
            await Expect(tab.TestId("empty-state")).ToContainTextAsync("--regions eu,us,ap");
        }
    }

    private static JsonElement Value(string json) => JsonElement.Parse(json);

    /// <summary>Waits until a region's document has a text in it.</summary>
    private static Task ExpectAsync(QuorateClient region, string key, string text, string collection = "customers") => Deadlines.EventuallyAsync(
        async () =>
        {
            try
            {
                return (await region.GetDocumentAsync(collection, key)).Value?.GetRawText().Contains(text, StringComparison.Ordinal) == true;
            }
            catch (QuorateException)
            {
                return false;
            }
        },
        $"{collection}/{key} holds {text}");

    private async Task ShootAsync(Gateway gateway, string name, string path, string ready)
    {
        foreach (var look in Looks)
        {
            await using var tab = await browser.OpenAsync(gateway, path, look);
            await Expect(tab.TestId(ready).First).ToBeVisibleAsync();
            await ShootAsync(tab, $"{name}-{look.Name}.png");
            Assert.False(await tab.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"), $"{name} is wider than the window in {look.Name}");
        }
    }

    private static Task ShootAsync(Tab tab, string file) => tab.Page.ScreenshotAsync(new PageScreenshotOptions
    {
        Path = Path.Combine(Paths.Screenshots, file), Animations = ScreenshotAnimations.Disabled, FullPage = true,
    });

    private async Task CheckAsync(Gateway gateway, string conflict)
    {
        foreach (var look in new[] { Look.Light, Look.Dark })
        {
            await using var tab = await browser.OpenAsync(gateway, "/replication?view=regions&region=us", look);
            foreach (var (path, ready) in new[] { ("/replication?view=regions&region=us", "region-panel"), ("/conflicts", "conflict-row"), ("/conflicts?view=bulk", "bulk"), (conflict, "causal-graph") })
            {
                await tab.GoAsync(path);
                await Expect(tab.TestId(ready).First).ToBeVisibleAsync();
                var result = await tab.Page.RunAxe();
                var grave = result.Violations.Where(violation => Grave.Contains(violation.Impact))
                    .SelectMany(violation => violation.Nodes.Select(node => $"{violation.Id}: {violation.Help}: {node.Html}")).ToList();
                Assert.True(grave.Count == 0, $"{path} {look.Name}:\n{string.Join('\n', grave)}");
            }
        }
    }
}
