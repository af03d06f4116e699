using System.Net;
using System.Text.Json;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Documents;
using Quorate.Contracts.Problems;
using Quorate.Contracts.Regions;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.Regions;

/// <summary>Changes between three regions, through the API alone.</summary>
[Collection(RegionsCollection.Name)]
public sealed class ExchangeTests(RegionsFixture regions) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = regions.Address };
    private readonly string _name = $"exchange-{Guid.NewGuid():N}";

    private QuorateClient Client => new(_http);

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Document_WrittenInOneRegion_IsReadInTheOthersAsItIs()
    {
        await Client.CreateCollectionAsync(_name);
        var written = await Client.In("us").EventuallyPutAsync(_name, "a", Json("""{"n":1}"""));

        foreach (var region in (string[])["eu", "ap"])
        {
            await Eventually.HoldsAsync(async () => await RevAsync(region, "a") == written.Rev);
            var read = await Client.In(region).GetDocumentAsync(_name, "a");
            Assert.Equal(("us", 1), (read.Region, read.Value!.Value.GetProperty("n").GetInt32()));
        }
    }

    [Fact]
    public async Task Document_WrittenInTwoCutRegions_IsTheSameConflictInAllAndOneDecisionSettlesIt()
    {
        await Client.CreateCollectionAsync(_name, ConflictStrategies.Manual);
        await Client.PutDocumentAsync(_name, "a", Json("0"));
        await Eventually.HoldsAsync(async () => await RevAsync("us", "a") is not null && await RevAsync("ap", "a") is not null);

        await Client.CutLinkAsync("eu", "us", "a test");
        await Eventually.HoldsAsync(async () => (await LinkAsync("eu", "us")).State == RegionLinkStates.Cut);
        var mine = await Client.PutDocumentAsync(_name, "a", Json("1"));
        var yours = await Client.In("us").PutDocumentAsync(_name, "a", Json("2"));
        await Client.HealLinkAsync("eu", "us");

        var seen = new List<ConflictView>();
        foreach (var region in (string[])["eu", "us", "ap"])
        {
            await Eventually.HoldsAsync(async () => (await OpenAsync(region)).Count == 1);
            seen.Add((await OpenAsync(region))[0]);
        }

        Assert.Single(seen.Select(conflict => conflict.Id).Distinct());
        Assert.All(seen, conflict => Assert.Equal(["eu", "us"], conflict.Regions));
        Assert.Equal([mine.Rev, yours.Rev], seen[0].Versions.Select(version => version.Rev));
        Assert.Equal(seen[0].Id, (await Client.In("ap").GetDocumentAsync(_name, "a")).Conflict);
        var refused = await Assert.ThrowsAsync<QuorateException>(() => Client.In("ap").PutDocumentAsync(_name, "a", Json("3")));
        Assert.Equal((ErrorCodes.ConflictOpen, seen[0].Id), (refused.Problem.Code, refused.Problem.Extensions!["conflict"].GetString()));

        var resolved = await Client.In("ap").ResolveConflictAsync(seen[0].Id, new ResolveConflictRequest(Region: "eu"), "a test");

        Assert.Equal(ConflictStatuses.Resolved, resolved.Status);
        foreach (var region in (string[])["eu", "us", "ap"])
        {
            await Eventually.HoldsAsync(async () => await RevAsync(region, "a") == resolved.Rev);
            var settled = await Client.In(region).GetConflictAsync(seen[0].Id);
            Assert.Equal((ConflictStatuses.Resolved, "eu", "a test"), (settled.Status, settled.Winner, Assert.Single(settled.Settlements).Reason));
            Assert.Equal(2, settled.Versions.Count);
            Assert.True(settled.CanUndo);
        }

        var undone = await Client.UndoConflictAsync(seen[0].Id);
        await Eventually.HoldsAsync(async () => await RevAsync("us", "a") == undone.Rev);
    }

    [Fact]
    public async Task Conflict_ResolvedWithNull_MakesTheDocumentNull()
    {
        await Client.CreateCollectionAsync(_name, ConflictStrategies.Manual);
        await Eventually.HoldsAsync(async () => (await Client.In("us").ListCollectionsAsync(_name)).Items.Count == 1);
        await Client.CutLinkAsync("eu", "us");
        await Client.PutDocumentAsync(_name, "a", Json("1"));
        await Client.In("us").PutDocumentAsync(_name, "a", Json("2"));
        await Client.HealLinkAsync("eu", "us");
        await Eventually.HoldsAsync(async () => (await OpenAsync("eu")).Count == 1);
        var path = $"{Routes.Conflicts}/{(await OpenAsync("eu"))[0].Id}/resolve";

        Assert.Equal(HttpStatusCode.BadRequest, (await regions.Api.PostAsync(path, "{}")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await regions.Api.PostAsync(path, """{"region":"eu","value":1}""")).Status);
        (await regions.Api.PostAsync(path, """{"value":null}""")).Ok();

        Assert.Equal(JsonValueKind.Null, (await regions.Api.GetAsync(Routes.Document(_name, "a"))).Ok()["value"].ValueKind);
    }

    [Fact]
    public async Task Link_ThatIsCut_IsShownCutAtOnce()
    {
        await LinkAsync("us", "ap");
        await Client.CutLinkAsync("us", "ap");
        var cut = await LinkAsync("us", "ap");
        await Client.HealLinkAsync("us", "ap");

        Assert.Equal((RegionLinkStates.Cut, true), (cut.State, cut.Cut));
        Assert.False((await LinkAsync("us", "ap")).Cut);
    }

    [Fact]
    public async Task Conflicts_SettledTogether_AreFirstOnlyDescribed()
    {
        await Client.CreateCollectionAsync(_name, ConflictStrategies.Manual);
        await Eventually.HoldsAsync(async () => (await Client.In("us").ListCollectionsAsync(_name)).Items.Count == 1);
        await Client.CutLinkAsync("eu", "us");
        foreach (var key in (string[])["a", "b", "c"])
        {
            await Client.PutDocumentAsync(_name, key, Json("1"));
            await Client.In("us").PutDocumentAsync(_name, key, Json("2"));
        }

        await Client.HealLinkAsync("eu", "us");
        await Eventually.HoldsAsync(async () => (await OpenAsync("eu")).Count == 3);
        var request = new ResolveConflictsRequest(_name, Region: "us", Max: 2);

        var planned = await Client.ResolveConflictsAsync(request, dryRun: true);
        Assert.Equal((true, 2, 0, true), (planned.DryRun, planned.Matching, planned.Resolved, planned.More));
        Assert.All(planned.Items, item => Assert.Equal((2, "us"), (item.Becomes!.Value.GetInt32(), item.Winner)));
        Assert.Equal(3, (await OpenAsync("eu")).Count);

        var done = await Client.ResolveConflictsAsync(request, dryRun: false);
        Assert.Equal((false, 2, true), (done.DryRun, done.Resolved, done.More));
        Assert.Single(await OpenAsync("eu"));
        await Eventually.HoldsAsync(async () => (await OpenAsync("us")).Count == 1);
    }

    [Fact]
    public async Task Queue_OfARegionThatIsCutOff_HoldsItsChangesByPriorityUntilItIsHealed()
    {
        await Client.CreateCollectionAsync(_name);
        await Client.PutDocumentAsync(_name, "gone", Json("0"));
        await Eventually.HoldsAsync(async () => await RevAsync("us", "gone") is not null);
        await Client.CutLinkAsync("eu", "us");
        var us = Client.In("us");
        await us.PutDocumentAsync(_name, "new", Json("1"));
        await us.DeleteDocumentAsync(_name, "gone");

        var waiting = await Client.GetSyncQueueAsync("us");
        var page = await Client.GetSyncQueueAsync("us", limit: 1);

        Assert.True(waiting.Size >= 2, $"{waiting.Size} wait");
        Assert.Contains(waiting.Items, item => (item.Priority, item.Kind, item.Key) == (0, "Delete", "gone"));
        Assert.Contains(waiting.Items, item => (item.Priority, item.Kind, item.Key) == (1, "Insert", "new"));
        Assert.NotNull(page.NextCursor);
        Assert.NotEqual(page.Items[0].Id, (await Client.GetSyncQueueAsync("us", limit: 1, cursor: page.NextCursor)).Items[0].Id);
        await Client.HealLinkAsync("eu", "us");
        await Eventually.HoldsAsync(async () => (await Client.GetSyncQueueAsync("us")).Size == 0);
        await Eventually.HoldsAsync(async () => await RevAsync("eu", "gone") is null && await RevAsync("eu", "new") is not null);
    }

    private async Task<string?> RevAsync(string region, string key)
    {
        try
        {
            return (await Client.In(region).GetDocumentAsync(_name, key)).Rev;
        }
        catch (QuorateException error) when (error.Problem.Code is ErrorCodes.DocumentNotFound or ErrorCodes.CollectionNotFound)
        {
            return null;
        }
    }

    private async Task<IReadOnlyList<ConflictView>> OpenAsync(string region) =>
        (await Client.In(region).ListConflictsAsync(ConflictStatuses.Open, _name)).Items;

    private async Task<RegionLinkView> LinkAsync(string from, string to) =>
        (await Client.GetRegionsAsync()).Links.Single(link => link.From == from && link.To == to);

    private static JsonElement Json(string text) => JsonElement.Parse(text);
}

internal static class EventuallyExtensions
{
    /// <summary>Writes once the collection has arrived.</summary>
    public static async Task<PutDocumentResponse> EventuallyPutAsync(this QuorateClient client, string collection, string key, JsonElement value)
    {
        await Eventually.HoldsAsync(async () => (await client.ListCollectionsAsync(collection)).Items.Count == 1);
        return await client.PutDocumentAsync(collection, key, value);
    }
}
