using Quorate.Client;
using Quorate.Contracts.Problems;

namespace Quorate.EndToEnd;

[Collection(SharedCollection.Name)]
public sealed class KeyValueTests(SharedGateway shared, Chromium browser)
{
    private readonly Gateway _gateway = shared.Gateway;

    [BrowserFact]
    public async Task Keys_browsedByPrefix_keepThePrefixInTheAddress()
    {
        await _gateway.PutAsync("tree/a/one", 1);
        await _gateway.PutAsync("tree/a/two", 2);
        await _gateway.PutAsync("tree/b/three", 3);
        await using var tab = await browser.OpenAsync(_gateway, "/kv");
        await Expect(tab.Row("kv-row", "tree/b/three")).ToBeVisibleAsync();

        await tab.TestId("kv-prefix").FillAsync("tree/a/");
        await tab.TestId("kv-prefix").PressAsync("Enter");
        await tab.ExpectUrlAsync("prefix=tree%2Fa%2F");
        await Expect(tab.TestId("kv-row")).ToHaveCountAsync(2);

        await tab.Page.ReloadAsync();
        await tab.ExpectLiveAsync();
        await Expect(tab.TestId("kv-row")).ToHaveCountAsync(2);

        await tab.TestId("kv-up").ClickAsync();
        await tab.ExpectUrlAsync("prefix=tree%2F");
        await Expect(tab.TestId("kv-row")).ToHaveCountAsync(3);

        await tab.Page.GoBackAsync();
        await Expect(tab.TestId("kv-row")).ToHaveCountAsync(2);
    }

    [BrowserFact]
    public async Task Key_createdEditedAndDeleted_isWhatRestReads()
    {
        await using var tab = await browser.OpenAsync(_gateway, "/kv?prefix=crud/");
        await tab.TestId("kv-create").ClickAsync();
        await Expect(tab.TestId("kv-new-key")).ToHaveValueAsync("crud/");
        await Expect(tab.TestId("kv-new-key")).ToBeFocusedAsync();
        await tab.TestId("kv-new-key").FillAsync("crud/menü & co");
        await tab.TestId("kv-new-next").ClickAsync();
        await tab.TestId("kv-editor").FillAsync("""{"dish": "soup"}""");
        await tab.TestId("kv-save").ClickAsync();
        var row = tab.Row("kv-row", "crud/menü & co");
        await Expect(row).ToContainTextAsync("soup");
        await tab.ExpectUrlAsync("key=crud%2F");
        var created = await _gateway.Client.GetKeyAsync("crud/menü & co");
        Assert.Equal("soup", created.Value!.Value.GetProperty("dish").GetString());

        await Expect(tab.TestId("kv-revision")).ToHaveTextAsync(created.Revision.ToString());
        await tab.TestId("kv-editor").FillAsync("""{"dish": """);
        await Expect(tab.TestId("kv-invalid")).ToBeVisibleAsync();
        await Expect(tab.TestId("kv-save")).ToBeDisabledAsync();
        await tab.TestId("kv-editor").FillAsync("""{"dish": "stew"}""");
        await tab.TestId("kv-save").ClickAsync();
        await Expect(tab.TestId("kv-saved")).ToBeVisibleAsync();
        var edited = await _gateway.Client.GetKeyAsync("crud/menü & co");
        Assert.Equal("stew", edited.Value!.Value.GetProperty("dish").GetString());
        Assert.True(edited.Revision > created.Revision);
        Assert.Equal(created.CreateRevision, edited.CreateRevision);
        await Expect(row).ToContainTextAsync("stew");

        await tab.TestId("kv-delete").ClickAsync();
        await Expect(tab.TestId("confirm-consequences")).ToContainTextAsync("cannot be undone");
        await tab.ConfirmAsync(type: "crud/menü & co", reason: "out of season");
        await Expect(tab.TestId("kv-panel")).ToHaveCountAsync(0);
        await Expect(row).ToHaveCountAsync(0);
        var gone = await Assert.ThrowsAsync<QuorateException>(() => _gateway.Client.GetKeyAsync("crud/menü & co"));
        Assert.Equal(ErrorCodes.KeyNotFound, gone.Code);
    }

    [BrowserFact]
    public async Task Key_changedByAnotherWriterWhileEdited_offersBothSides()
    {
        await _gateway.PutAsync("conflict/price", 10);
        await using var tab = await browser.OpenAsync(_gateway, "/kv?prefix=conflict/&key=conflict/price");
        var editor = tab.TestId("kv-editor");
        await Expect(editor).ToHaveValueAsync("10");

        await editor.FillAsync("11");
        await _gateway.PutAsync("conflict/price", 20);
        await Expect(tab.TestId("kv-conflict")).ToContainTextAsync("Somebody else changed the key");
        await Expect(tab.TestId("kv-theirs")).ToHaveTextAsync("20");
        await Expect(tab.TestId("kv-mine")).ToHaveTextAsync("11");
        await Expect(editor).ToHaveValueAsync("11");
        await tab.TestId("kv-take-theirs").ClickAsync();
        await Expect(editor).ToHaveValueAsync("20");
        await Expect(tab.TestId("kv-conflict")).ToHaveCountAsync(0);

        await editor.FillAsync("21");
        await _gateway.PutAsync("conflict/price", 30);
        await Expect(tab.TestId("kv-theirs")).ToHaveTextAsync("30");
        await tab.TestId("kv-save").ClickAsync();
        await Expect(tab.TestId("kv-conflict")).ToContainTextAsync("Not saved: somebody else wrote first");
        Assert.Equal(30, (await _gateway.Client.GetKeyAsync("conflict/price")).Value!.Value.GetInt32());

        await tab.TestId("kv-keep-mine").ClickAsync();
        await tab.TestId("kv-save").ClickAsync();
        await Expect(tab.TestId("kv-saved")).ToBeVisibleAsync();
        Assert.Equal(21, (await _gateway.Client.GetKeyAsync("conflict/price")).Value!.Value.GetInt32());
    }

    [BrowserFact]
    public async Task Key_withHistory_showsWhatChangedAndTakesAnEarlierValueBack()
    {
        await _gateway.PutAsync("past/limits", new { rate = 10 });
        await _gateway.PutAsync("past/limits", new { rate = 20, burst = 5 });
        await using var tab = await browser.OpenAsync(_gateway, "/kv?prefix=past/&key=past/limits");
        await Expect(tab.TestId("kv-history-row")).ToHaveCountAsync(2);
        await tab.TestId("kv-history-row").First.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(tab.TestId("kv-diff-row")).ToHaveCountAsync(2);
        await Expect(tab.TestId("kv-diff-row").First).ToContainTextAsync("rate");

        await tab.TestId("kv-history-row").Last.GetByRole(AriaRole.Button).ClickAsync();
        await tab.TestId("kv-restore").ClickAsync();
        await tab.TestId("kv-save").ClickAsync();
        await Expect(tab.TestId("kv-saved")).ToBeVisibleAsync();
        await Expect(tab.TestId("kv-history-row")).ToHaveCountAsync(3);
        Assert.Equal("""{"rate":10}""", (await _gateway.Client.GetKeyAsync("past/limits")).Value!.Value.GetRawText());
    }

    [BrowserFact]
    public async Task Objects_changedByTwo_areMergedFieldByField()
    {
        await _gateway.PutAsync("merge/limits", new { rate = 10, burst = 5 });
        await using var tab = await browser.OpenAsync(_gateway, "/kv?prefix=merge/&key=merge/limits");
        await Expect(tab.TestId("kv-editor")).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("rate"));
        await tab.TestId("kv-editor").FillAsync("""{"rate": 11, "burst": 5}""");
        await _gateway.PutAsync("merge/limits", new { rate = 10, burst = 9 });

        await Expect(tab.TestId("kv-merge-row")).ToHaveCountAsync(2);
        await tab.TestId("kv-take-merged").ClickAsync();
        await tab.TestId("kv-save").ClickAsync();
        await Expect(tab.TestId("kv-saved")).ToBeVisibleAsync();
        var merged = (await _gateway.Client.GetKeyAsync("merge/limits")).Value!.Value;
        Assert.Equal((11, 9), (merged.GetProperty("rate").GetInt32(), merged.GetProperty("burst").GetInt32()));
    }

    [BrowserFact]
    public async Task Rows_changedOverRest_changeWithoutReload()
    {
        await _gateway.PutAsync("live/moving", "before");
        await _gateway.PutAsync("live/still", "same");
        await using var tab = await browser.OpenAsync(_gateway, "/kv?prefix=live/");
        await tab.MarkAsync();
        await Expect(tab.Row("kv-row", "live/moving")).ToContainTextAsync("before");

        await _gateway.PutAsync("live/moving", "after");
        await Expect(tab.Row("kv-row", "live/moving")).ToContainTextAsync("after");
        await Expect(tab.Row("kv-row", "live/still")).ToContainTextAsync("same");
        await _gateway.PutAsync("live/new", "arrived");
        await Expect(tab.Row("kv-row", "live/new")).ToContainTextAsync("arrived");
        await _gateway.Client.DeleteKeyAsync("live/moving");
        await Expect(tab.Row("kv-row", "live/moving")).ToHaveCountAsync(0);
        await tab.ExpectNotReloadedAsync();
    }
}
