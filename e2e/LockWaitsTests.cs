using Quorate.Client;
using Quorate.Contracts.Locks;

namespace Quorate.EndToEnd;

/// <summary>Who waits for whom, a deadlock and its victim, the flight recorder and the fence: as an operator finds them.</summary>
[Collection(SharedCollection.Name)]
public sealed class LockWaitsTests(SharedGateway shared, Chromium browser)
{
    private const string Sales = "waits/ledger/sales";
    private const string Stock = "waits/ledger/stock";

    private readonly Gateway _gateway = shared.Gateway;

    [BrowserFact]
    public async Task Deadlock_brokenByTheCluster_isDrawnWithItsVictimAndTheWaitingGoesOn()
    {
        var sales = await TakeAsync(Sales, "auditor");
        var stock = await TakeAsync(Stock, "clerk");
        await using var tab = await browser.OpenAsync(_gateway, "/locks?view=waits");
        await tab.MarkAsync();
        var waiting = _gateway.Client.AcquireLockAsync(Stock, new AcquireLockRequest("auditor", TtlMs: 120_000, WaitMs: 120_000));
        var edge = tab.Page.Locator("[data-testid='wait-edge'][data-from='auditor'][data-to='clerk']");
        await Expect(edge).ToHaveAttributeAsync("data-state", "waits");

        await Assert.ThrowsAsync<QuorateException>(() =>
            _gateway.Client.AcquireLockAsync(Sales, new AcquireLockRequest("clerk", TtlMs: 120_000, WaitMs: 120_000)));
        var row = tab.TestId("deadlock-row").Filter(new() { HasText = "clerk → auditor → clerk" }).First;
        await row.ClickAsync();

        await tab.ExpectUrlAsync("deadlock=");
        await Expect(tab.Row("wait-node", "clerk")).ToHaveAttributeAsync("data-victim", "true");
        await Expect(tab.Page.Locator("[data-testid='wait-edge'][data-state='refused']")).ToHaveCountAsync(1);
        await Expect(edge).ToHaveAttributeAsync("data-state", "cycle");
        await tab.ExpectNotReloadedAsync();
        await ShootAsync("waits-deadlock", new Uri(tab.Page.Url).PathAndQuery, "wait-graph");
        await ShootAsync("waits", "/locks?view=waits", "wait-graph");

        await tab.TestId("waits-now").ClickAsync();
        await _gateway.Client.ReleaseLockAsync(Stock, new ReleaseLockRequest("clerk", stock.FencingToken));
        await Expect(edge).ToHaveCountAsync(0);
        await _gateway.Client.ReleaseLockAsync(Stock, new ReleaseLockRequest("auditor", (await waiting).FencingToken));
        await _gateway.Client.ReleaseLockAsync(Sales, new ReleaseLockRequest("auditor", sales.FencingToken));
    }

    [BrowserFact]
    public async Task StaleToken_refusedAtTheResource_showsInTheFenceAndTheFlightRecorder()
    {
        const string Name = "waits/door";
        var old = await TakeAsync(Name, "slow");
        await using var tab = await browser.OpenAsync(_gateway, $"/locks?lock={Uri.EscapeDataString(Name)}");
        await Expect(tab.TestId("lock-last-refused")).ToContainTextAsync("no stale token seen");

        await _gateway.Client.ForceReleaseLockAsync(Name, "too slow");
        var next = await TakeAsync(Name, "next");
        var late = _gateway.Client.With(new LockFence(Name, old.FencingToken));
        var refused = await Assert.ThrowsAsync<QuorateException>(() => late.PutKeyAsync("waits/resource", null));
        Assert.Equal("stale_token", refused.Code);

        await Expect(tab.TestId("lock-fence")).ToContainTextAsync(next.FencingToken.ToString());
        await Expect(tab.TestId("lock-last-refused")).ToContainTextAsync(old.FencingToken.ToString());
        await Expect(tab.TestId("lock-transition").First).ToHaveAttributeAsync("data-what", "stale_token");
        await Expect(tab.Page.Locator("[data-testid='lock-transition'][data-what='forced']")).ToContainTextAsync("slow");
        await ShootAsync("lock-history", $"/locks?lock={Uri.EscapeDataString(Name)}", "lock-history");
        await _gateway.Client.ReleaseLockAsync(Name, new ReleaseLockRequest("next", next.FencingToken));
        await Expect(tab.TestId("lock-transition").First).ToHaveAttributeAsync("data-what", "released");
    }

    private Task<AcquireLockResponse> TakeAsync(string name, string owner) =>
        _gateway.Client.AcquireLockAsync(name, new AcquireLockRequest(owner, TtlMs: 120_000));

    private async Task ShootAsync(string name, string path, string ready)
    {
        foreach (var look in new[] { Look.Light, Look.Dark, Look.Phone, Look.Chinese })
        {
            await using var tab = await browser.OpenAsync(_gateway, path, look);
            await Expect(tab.TestId(ready)).ToBeVisibleAsync();
            if (ready == "wait-graph")
            {
                await Expect(tab.TestId(ready)).ToHaveAttributeAsync("data-layout", look == Look.Phone ? "narrow" : "wide");
                Assert.False(await tab.TestId(ready).EvaluateAsync<bool>("graph => graph.parentElement.scrollWidth > graph.parentElement.clientWidth"), "the graph scrolls sideways");
            }

            await tab.Page.ScreenshotAsync(new PageScreenshotOptions
            {
                Path = Path.Combine(Paths.Screenshots, $"{name}-{look.Name}.png"),
                Animations = ScreenshotAnimations.Disabled,
                FullPage = true,
            });
            Assert.False(await tab.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth"), $"{name} is too wide in {look.Name}");
        }
    }
}
