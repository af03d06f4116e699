using System.Net;
using System.Text.Json;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Documents;
using Quorate.Contracts.Problems;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.Endpoints;

[Collection(ClusterCollection.Name)]
public sealed class DocumentTests(ClusterFixture cluster) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = cluster.Address };
    private readonly string _name = $"docs/{Guid.NewGuid():N}";

    private QuorateClient Client => new(_http);

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Collection_Created_IsListedAndDropped()
    {
        (await cluster.Api.PostAsync(Routes.Collections, $$"""{"name":"{{_name}}","conflictStrategy":"Fork"}""")).Ok(HttpStatusCode.Created);
        (await cluster.Api.PostAsync(Routes.Collections, $$"""{"name":"{{_name}}","conflictStrategy":"Fork"}""")).Ok();
        await Client.PutDocumentAsync(_name, "a", Json("1"));

        var view = Assert.Single((await Client.ListCollectionsAsync(_name)).Items);
        var dropped = await Client.DropCollectionAsync(_name);

        Assert.Equal((_name, ConflictStrategies.Fork, 1, 1), (view.Name, view.ConflictStrategy, view.Documents, view.Bytes));
        Assert.Equal(1, dropped.Documents);
        (await cluster.Api.GetAsync(Routes.Document(_name, "a"))).Problem(HttpStatusCode.NotFound, ErrorCodes.CollectionNotFound);
    }

    [Fact]
    public async Task Document_WrittenWithTheRevisionThatWasRead_ChangesAndTheOlderOneIsRefused()
    {
        await Client.CreateCollectionAsync(_name);
        var first = await Client.PutDocumentAsync(_name, "a/b", Json("""{"n":1}"""));
        var second = await Client.PutDocumentAsync(_name, "a/b", Json("""{"n":2}"""), first.Rev);

        var conflict = (await cluster.Api.PutAsync(Routes.Document(_name, "a/b"), $$"""{"value":3,"rev":"{{first.Rev}}"}"""))
            .Problem(HttpStatusCode.Conflict, ErrorCodes.RevConflict);
        var read = await cluster.Api.GetAsync(Routes.Document(_name, "a/b"));

        Assert.Equal(second.Rev, conflict["current"].GetProperty("rev").GetString());
        Assert.Equal(2, conflict["current"].GetProperty("value").GetProperty("n").GetInt32());
        Assert.Equal((true, false), (first.Created, second.Created));
        Assert.Equal(first.Sequence + 1, second.Sequence);
        Assert.Equal($"\"{second.Rev}\"", read.Ok().Headers.ETag!.ToString());
        Assert.Equal((second.Rev, 2), (read["rev"].GetString(), read["generation"].GetInt32()));
        Assert.Equal(2, read["clock"].GetProperty("local").GetInt32());
    }

    [Fact]
    public async Task Document_Deleted_IsGone()
    {
        await Client.CreateCollectionAsync(_name);
        var written = await Client.PutDocumentAsync(_name, "a", Json("1"));

        (await cluster.Api.DeleteAsync(Routes.Document(_name, "a") + "?rev=1-other")).Problem(HttpStatusCode.Conflict, ErrorCodes.RevConflict);
        await Client.DeleteDocumentAsync(_name, "a", written.Rev);

        (await cluster.Api.GetAsync(Routes.Document(_name, "a"))).Problem(HttpStatusCode.NotFound, ErrorCodes.DocumentNotFound);
        (await cluster.Api.DeleteAsync(Routes.Document(_name, "a"))).Problem(HttpStatusCode.NotFound, ErrorCodes.DocumentNotFound);
    }

    [Fact]
    public async Task Document_OnlyIfAbsent_IsWrittenOnce()
    {
        await Client.CreateCollectionAsync(_name);

        (await cluster.Api.PutAsync(Routes.Document(_name, "a"), """{"value":1}""", ("If-None-Match", "*"))).Ok();
        (await cluster.Api.PutAsync(Routes.Document(_name, "a"), """{"value":2}""", ("If-None-Match", "*"))).Problem(HttpStatusCode.Conflict, ErrorCodes.RevConflict);
    }

    [Fact]
    public async Task Documents_InPages_ComeInOrderAndAllOfThem()
    {
        await Client.CreateCollectionAsync(_name);
        foreach (var key in (string[])["c", "a", "b", "x1"])
        {
            await Client.PutDocumentAsync(_name, key, Json("null"));
        }

        var first = await Client.ListDocumentsAsync(_name, limit: 3);
        var second = await Client.ListDocumentsAsync(_name, limit: 3, cursor: first.NextCursor);

        Assert.Equal(["a", "b", "c", "x1"], first.Items.Concat(second.Items).Select(item => item.Key));
        Assert.Null(second.NextCursor);
        Assert.Equal(["x1"], (await Client.ListDocumentsAsync(_name, prefix: "x")).Items.Select(item => item.Key));
    }

    [Fact]
    public async Task SystemCollections_AreReadLikeOthersAndNeverWritten()
    {
        await Client.CreateCollectionAsync(_name);
        var written = await Client.PutDocumentAsync(_name, "a", Json("1"));

        var entry = await Client.GetDocumentAsync(SystemCollections.SyncLog, $"{written.Sequence}");
        var listed = await Client.ListCollectionsAsync("_");

        Assert.Equal("Insert", entry.Value!.Value.GetProperty("operation").GetString());
        Assert.Equal(written.Rev, entry.Value.Value.GetProperty("rev").GetString());
        Assert.Equal([SystemCollections.SyncLog, SystemCollections.SyncState], listed.Items.Select(item => item.Name));
        Assert.All(listed.Items, item => Assert.True(item.ReadOnly));
        (await cluster.Api.PutAsync(Routes.Document(SystemCollections.SyncLog, "1"), """{"value":1}""")).Problem(HttpStatusCode.Forbidden, ErrorCodes.ReadOnly);
        (await cluster.Api.PostAsync(Routes.Collections, """{"name":"_mine"}""")).Problem(HttpStatusCode.Forbidden, ErrorCodes.ReadOnly);
    }

    [Theory]
    [InlineData("""{}""", "name")]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"name":"a","conflictStrategy":"Coin"}""", "conflictStrategy")]
    public async Task Collection_Invalid_IsRefusedByName(string body, string field) =>
        (await cluster.Api.PostAsync(Routes.Collections, body)).Problem(HttpStatusCode.BadRequest, ErrorCodes.InvalidArgument, field);

    [Theory]
    [InlineData("""{}""", "value")]
    [InlineData("""{"value":1,"rev":7}""", "rev")]
    [InlineData("""{"value":1,"rev":""}""", "rev")]
    public async Task Document_Invalid_IsRefusedByName(string body, string field)
    {
        await Client.CreateCollectionAsync(_name);
        (await cluster.Api.PutAsync(Routes.Document(_name, "a"), body)).Problem(HttpStatusCode.BadRequest, ErrorCodes.InvalidArgument, field);
    }

    [Fact]
    public async Task Collection_WithAnotherStrategy_IsRefused()
    {
        await Client.CreateCollectionAsync(_name);
        (await cluster.Api.PostAsync(Routes.Collections, $$"""{"name":"{{_name}}","conflictStrategy":"Manual"}"""))
            .Problem(HttpStatusCode.Conflict, ErrorCodes.CollectionExists, "conflictStrategy");
    }

    private static JsonElement Json(string text) => JsonElement.Parse(text);
}
