using System.Security.Cryptography;

namespace Quorate.EndToEnd;

[Collection(SharedCollection.Name)]
public sealed class BlobsTests(SharedGateway shared, Chromium browser)
{
    private const int Size = (20 << 20) + 4321;

    private readonly Gateway _gateway = shared.Gateway;

    [BrowserFact]
    public async Task File_uploadedInTheConsole_appearsAndIsDownloadedAsItWas()
    {
        var content = new byte[Size];
        Random.Shared.NextBytes(content);
        var file = Path.Combine(Directory.CreateTempSubdirectory("quorate-e2e-").FullName, "report.bin");
        await File.WriteAllBytesAsync(file, content);
        await using var tab = await browser.OpenAsync(_gateway, "/blobs");
        await tab.MarkAsync();

        await tab.TestId("blob-upload-open").ClickAsync();
        await tab.TestId("blob-file").SetInputFilesAsync(file);
        await Expect(tab.TestId("blob-id")).ToHaveValueAsync("report.bin");
        await tab.TestId("blob-id").FillAsync("e2e/report.bin");
        await tab.TestId("confirm-submit").ClickAsync();
        await Expect(tab.Row("blob-row", "e2e/report.bin")).ToContainTextAsync("21");

        var download = await tab.Page.RunAndWaitForDownloadAsync(() => tab.Page.Locator("[data-testid='blob-download'][data-key='e2e/report.bin']").ClickAsync());
        await using var downloaded = File.OpenRead((await download.PathAsync())!);
        Assert.Equal(Convert.ToHexString(SHA256.HashData(content)), Convert.ToHexString(await SHA256.HashDataAsync(downloaded)));
        await tab.ExpectNotReloadedAsync();
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    [BrowserFact]
    public async Task Upload_thatHalts_isSeenWithItsProgressAndGivenUp()
    {
        using var part = new ByteArrayContent(new byte[3 << 20]);
        part.Headers.ContentRange = new(0, (3 << 20) - 1, 4 << 20);
        using var http = new HttpClient { BaseAddress = _gateway.Address };
        (await http.PutAsync("/api/v1/blobs/e2e%2Fhalted", part)).EnsureSuccessStatusCode();
        await using var tab = await browser.OpenAsync(_gateway, "/blobs");

        var transfer = tab.Row("blob-transfer", "e2e/halted");
        await Expect(transfer).ToHaveAttributeAsync("data-paused", "true");
        await Expect(transfer.Locator("progress")).ToHaveAttributeAsync("value", "3145728");
        await transfer.GetByTestId("blob-abort").ClickAsync();
        await tab.ConfirmAsync(reason: "nobody goes on with it");

        await Expect(transfer).ToHaveCountAsync(0);
    }
}
