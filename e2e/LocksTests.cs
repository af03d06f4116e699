using Quorate.Contracts.Locks;

namespace Quorate.EndToEnd;

[Collection(SharedCollection.Name)]
public sealed class LocksTests(SharedGateway shared, Chromium browser)
{
    private readonly Gateway _gateway = shared.Gateway;

    [BrowserFact]
    public async Task Locks_takenAndReleasedOverRest_appearCountDownAndDisappear()
    {
        await using var tab = await browser.OpenAsync(_gateway, "/locks");
        await tab.MarkAsync();
        var row = tab.Row("lock-row", "door/front");

        var grant = await _gateway.Client.AcquireLockAsync("door/front", new AcquireLockRequest("alice", TtlMs: 55_000));
        await Expect(row).ToContainTextAsync("alice");
        await Expect(row).ToContainTextAsync(grant.FencingToken.ToString());
        await Expect(row).ToContainTextAsync("held");

        var countdown = row.GetByTestId("countdown");
        var first = await Tab.SecondsAsync(countdown);
        Assert.InRange(first, 1, 55);
        await Deadlines.EventuallyAsync(async () => await Tab.SecondsAsync(countdown) < first, $"the time to live falls below {first} s");

        await _gateway.Client.ReleaseLockAsync("door/front", new ReleaseLockRequest("alice", grant.FencingToken));
        await Expect(row).ToHaveCountAsync(0);
        await tab.ExpectNotReloadedAsync();
    }

    [BrowserFact]
    public async Task Lock_forceReleasedInTheDialog_goesToTheWaiter()
    {
        var grant = await _gateway.Client.AcquireLockAsync("door/back", new AcquireLockRequest("alice", TtlMs: 120_000));
        var waiting = _gateway.Client.AcquireLockAsync("door/back", new AcquireLockRequest("bob", TtlMs: 60_000, WaitMs: 90_000));
        await using var tab = await browser.OpenAsync(_gateway, "/locks");
        var row = tab.Row("lock-row", "door/back");
        await Expect(row).ToContainTextAsync("contended");

        await row.ClickAsync();
        await tab.ExpectUrlAsync("lock=door%2Fback");
        var panel = tab.TestId("lock-panel");
        await Expect(panel.GetByTestId("lock-holder")).ToContainTextAsync("alice");
        await Expect(panel.GetByTestId("lock-waiter")).ToContainTextAsync("bob");

        await panel.GetByTestId("lock-force-release").ClickAsync();
        var consequences = tab.TestId("confirm-consequences");
        await Expect(consequences).ToContainTextAsync($"alice loses the lock at once and is not told. Its token {grant.FencingToken} no longer counts");
        await Expect(consequences).ToContainTextAsync("bob gets the lock next");
        await tab.TestId("confirm-reason").FillAsync("alice is on leave");
        await Expect(tab.Dialog.GetByTestId("command")).ToContainTextAsync("X-Reason: alice is on leave");
        await tab.ConfirmAsync(type: "door/back");

        await Expect(panel.GetByTestId("lock-holder")).ToContainTextAsync("bob");
        await Expect(panel.GetByTestId("lock-waiter")).ToHaveCountAsync(0);
        var next = await waiting;
        Assert.True(next.FencingToken > grant.FencingToken);

        await tab.GoAsync("/");
        await Expect(tab.TestId("event-row").Filter(new() { HasText = "door/back" })).ToContainTextAsync("alice is on leave");
        await _gateway.Client.ReleaseLockAsync("door/back", new ReleaseLockRequest("bob", next.FencingToken));
    }

    [BrowserFact]
    public async Task Locks_filtered_keepTheFilterInTheAddress()
    {
        foreach (var name in new[] { "filter/red", "filter/blue" })
        {
            await _gateway.Client.AcquireLockAsync(name, new AcquireLockRequest("carol", TtlMs: 120_000));
        }

        await using var tab = await browser.OpenAsync(_gateway, "/locks");
        await tab.TestId("table-filter").FillAsync("filter/r");
        await Expect(tab.Row("lock-row", "filter/red")).ToBeVisibleAsync();
        await Expect(tab.Row("lock-row", "filter/blue")).ToHaveCountAsync(0);
        await tab.ExpectUrlAsync("filter=filter%2Fr");

        await tab.Page.ReloadAsync();
        await tab.ExpectLiveAsync();
        await Expect(tab.Row("lock-row", "filter/red")).ToBeVisibleAsync();
        await Expect(tab.Row("lock-row", "filter/blue")).ToHaveCountAsync(0);
    }
}
