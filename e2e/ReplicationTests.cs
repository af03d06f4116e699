using System.Text.Json;

namespace Quorate.EndToEnd;

[Collection(OwnGatewayCollection.Name)]
public sealed class ReplicationTests(Chromium browser)
{
    [BrowserFact]
    public async Task Followers_whileDocumentsAreWritten_areSeenCatchingUp()
    {
        await using var gateway = await Gateway.StartAsync("--followers", "f1,f2");
        await using var tab = await browser.OpenAsync(gateway, "/replication");
        await Expect(tab.Row("follower-row", "f2")).ToContainTextAsync("in sync");
        await tab.MarkAsync();

        await gateway.Client.CreateCollectionAsync("customers");
        for (var i = 0; i < 30; i++)
        {
            await gateway.Client.PutDocumentAsync("customers", $"customer-{i}", JsonSerializer.SerializeToElement(new { number = i }));
        }

        await Expect(tab.TestId("sync-last")).ToContainTextAsync("31");
        await tab.TestId("sync-trigger").ClickAsync();
        await Expect(tab.TestId("sync-answer")).ToContainTextAsync("2 of 2 followers have everything up to change 31");
        await Expect(tab.TestId("follower-chart")).ToHaveCountAsync(2);
        await tab.ExpectNotReloadedAsync();
    }

    [BrowserFact]
    public async Task Document_changedByTwo_isRefusedAndSettled()
    {
        await using var gateway = await Gateway.StartAsync();
        await using var tab = await browser.OpenAsync(gateway, "/documents");
        await tab.TestId("collection-create").ClickAsync();
        await tab.TestId("collection-name").FillAsync("customers");
        await tab.TestId("confirm-submit").ClickAsync();
        await Expect(tab.TestId("collection-title")).ToHaveTextAsync("customers");

        await tab.TestId("document-create").ClickAsync();
        await tab.TestId("document-new-key").FillAsync("alice");
        await tab.TestId("document-new-next").ClickAsync();
        await tab.TestId("document-editor").FillAsync("""{ "city": "Oslo" }""");
        await tab.TestId("document-save").ClickAsync();
        await Expect(tab.Row("document-row", "alice")).ToContainTextAsync("Oslo");

        await tab.TestId("document-editor").FillAsync("""{ "city": "Bergen" }""");
        await gateway.Client.PutDocumentAsync("customers", "alice", JsonSerializer.SerializeToElement(new { city = "Bodø" }));
        await Expect(tab.TestId("document-theirs")).ToContainTextAsync("Bodø");
        await tab.TestId("document-keep-mine").ClickAsync();
        await tab.TestId("document-save").ClickAsync();

        await Expect(tab.TestId("document-saved")).ToBeVisibleAsync();
        var document = await gateway.Client.GetDocumentAsync("customers", "alice");
        Assert.Equal("Bergen", document.Value!.Value.GetProperty("city").GetString());
        Assert.Equal(3, document.Generation);
    }
}
