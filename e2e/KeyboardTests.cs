using Quorate.Contracts.Locks;

namespace Quorate.EndToEnd;

[Collection(SharedCollection.Name)]
public sealed class KeyboardTests(SharedGateway shared, Chromium browser)
{
    private readonly Gateway _gateway = shared.Gateway;

    [BrowserFact]
    public async Task Palette_openedByKeyboard_filtersAndNavigates()
    {
        await _gateway.PutAsync("palette/key", 1);
        await using var tab = await browser.OpenAsync(_gateway, "/");
        var palette = tab.TestId("command-palette");
        await tab.Page.Keyboard.PressAsync("Control+k");
        await Expect(tab.TestId("palette-input")).ToBeFocusedAsync();

        await tab.Page.Keyboard.TypeAsync("topo");
        await Expect(tab.TestId("palette-item").First).ToContainTextAsync("Topology");
        await tab.Page.Keyboard.PressAsync("Enter");
        await tab.ExpectUrlAsync("/topology");
        await Expect(palette).ToHaveCountAsync(0);
        await Expect(tab.Page.Locator("h1")).ToHaveTextAsync("Topology");

        await tab.Page.Keyboard.PressAsync("Control+k");
        await Expect(tab.TestId("palette-input")).ToBeFocusedAsync();
        await tab.Page.Keyboard.TypeAsync("palette/k");
        await Expect(tab.TestId("palette-item")).ToHaveCountAsync(1);
        await tab.Page.Keyboard.PressAsync("Enter");
        await tab.ExpectUrlAsync("key=palette%2Fkey");
        await Expect(tab.TestId("kv-panel")).ToBeVisibleAsync();
    }

    [BrowserFact]
    public async Task Palette_closedByEscape_returnsTheFocus()
    {
        await using var tab = await browser.OpenAsync(_gateway, "/");
        var theme = tab.TestId("theme-toggle");
        await theme.FocusAsync();
        await tab.Page.Keyboard.PressAsync("Control+k");
        await Expect(tab.TestId("palette-input")).ToBeFocusedAsync();

        await tab.Page.Keyboard.PressAsync("Escape");
        await Expect(tab.TestId("command-palette")).ToHaveCountAsync(0);
        await Expect(theme).ToBeFocusedAsync();
    }

    [BrowserFact]
    public async Task Panel_openedAndClosedByKeyboard_returnsTheFocusToItsRow()
    {
        await _gateway.Client.AcquireLockAsync("keyboard/lock", new AcquireLockRequest("dora", TtlMs: 300_000));
        await using var tab = await browser.OpenAsync(_gateway, "/locks");
        var row = tab.Row("lock-row", "keyboard/lock");
        await row.FocusAsync();
        await tab.Page.Keyboard.PressAsync("Enter");
        await Expect(tab.TestId("lock-panel")).ToBeFocusedAsync();

        await tab.Page.Keyboard.PressAsync("Escape");
        await Expect(tab.TestId("lock-panel")).ToHaveCountAsync(0);
        await Expect(row).ToBeFocusedAsync();
    }

    [BrowserFact]
    public async Task Dialog_closedByEscape_doesNothingAndReturnsTheFocus()
    {
        var leader = await _gateway.LeaderAsync();
        await using var tab = await browser.OpenAsync(_gateway, "/topology");
        var stop = tab.TestId($"node-stop-{leader}");
        await stop.FocusAsync();
        await tab.Page.Keyboard.PressAsync("Enter");
        await Expect(tab.TestId("confirm-input")).ToBeFocusedAsync();

        await tab.Page.Keyboard.PressAsync("Escape");
        await Expect(tab.Dialog).ToHaveCountAsync(0);
        await Expect(stop).ToBeFocusedAsync();
        Assert.Equal(leader, await _gateway.LeaderAsync());
    }

    [BrowserFact]
    public async Task Text_typedFasterThanTheCircuitAnswers_losesNoLetter()
    {
        const string Word = "\"the quick brown fox jumps over the lazy dog\"";
        await _gateway.PutAsync("typing/key", 1);
        await _gateway.Client.AcquireLockAsync("typing/lock", new AcquireLockRequest("fay", TtlMs: 300_000));
        await using var tab = await browser.OpenAsync(_gateway, "/kv?prefix=typing/&key=typing/key");
        var editor = tab.TestId("kv-editor");
        await editor.FillAsync("");
        await editor.PressSequentiallyAsync(Word);
        await Expect(tab.TestId("kv-save")).ToBeEnabledAsync();
        await Expect(editor).ToHaveValueAsync(Word);
        await tab.TestId("kv-save").ClickAsync();
        await Expect(tab.TestId("kv-saved")).ToBeVisibleAsync();
        Assert.Equal(Word.Trim('"'), (await _gateway.Client.GetKeyAsync("typing/key")).Value!.Value.GetString());

        await tab.GoAsync("/locks");
        var filter = tab.TestId("table-filter");
        await filter.PressSequentiallyAsync("typing/lock");
        await tab.ExpectUrlAsync("filter=typing%2Flock");
        await Expect(filter).ToHaveValueAsync("typing/lock");
        await Expect(tab.TestId("lock-row")).ToHaveCountAsync(1);
    }

    [BrowserFact]
    public async Task Theme_switchedByItsButton_staysAfterAReload()
    {
        await using var tab = await browser.OpenAsync(_gateway, "/");
        var before = await BackgroundAsync(tab);
        await tab.TestId("theme-toggle").ClickAsync();
        var dark = await BackgroundAsync(tab);
        Assert.NotEqual(before, dark);

        await tab.Page.ReloadAsync();
        await tab.ExpectLiveAsync();
        Assert.Equal(dark, await BackgroundAsync(tab));
    }

    private static Task<string> BackgroundAsync(Tab tab) =>
        tab.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
}
