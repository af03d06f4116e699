using System.Net;
using System.Text.Json;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Documents;
using Quorate.Contracts.Problems;
using Quorate.Contracts.Replication;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.Processes;

/// <summary>A follower in a process of its own: killed while it pulls, away while the log goes on, overtaken by the retention.</summary>
public sealed class FollowerProcessTests : IDisposable
{
    private const string Id = "replica";

    private readonly string _directory = Directory.CreateTempSubdirectory("quorate-follower-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Follower_KilledWhileItPulls_ResumesAndHasEverything()
    {
        await using var cluster = await ClusterFixture.StartAsync();
        using var http = new HttpClient { BaseAddress = cluster.Address };
        var client = new QuorateClient(http);
        await client.CreateCollectionAsync("c");
        await using (var first = await FollowerProcess.StartAsync(cluster.Address, Id, _directory))
        {
            var writing = WriteAsync(client, 0, 200);
            await Eventually.HoldsAsync(async () => await SequenceAsync(first) > 20);
            await first.KillAsync();
            await writing;
        }

        // What it lacks is kept for it; deletions too.
        await client.DeleteDocumentAsync("c", "key7");
        var lacking = Assert.Single((await client.GetSyncStatusAsync()).Followers);
        Assert.True(lacking.LagOperations > 0);
        await using var second = await FollowerProcess.StartAsync(cluster.Address, Id, _directory);
        await InSyncAsync(client);

        Assert.Equal(await RevisionsAsync(client), await RevisionsAsync(second));
        var position = (await second.Api.GetAsync(Routes.Document(SystemCollections.SyncState, Id))).Ok();
        Assert.Equal(202, position["value"].GetProperty("sequence").GetInt32());

        // The log no longer has what it had before: it went on from there.
        Assert.Equal(0, (await second.Api.GetAsync(Routes.SyncStatus)).Ok()["snapshots"].GetInt32());
        (await second.Api.PutAsync(Routes.Document("c", "key1"), """{"value":1}""")).Problem(HttpStatusCode.Forbidden, ErrorCodes.ReadOnly);
    }

    [Fact]
    public async Task Follower_OvertakenByTheRetention_BeginsAnewWithASnapshot()
    {
        await using var cluster = await ClusterFixture.StartAsync();
        using var http = new HttpClient { BaseAddress = cluster.Address };
        var client = new QuorateClient(http);
        await client.CreateCollectionAsync("c");
        await WriteAsync(client, 0, 20);
        await using (var first = await FollowerProcess.StartAsync(cluster.Address, Id, _directory))
        {
            await InSyncAsync(client);
        }

        await client.SetSyncRetentionAsync(new SyncRetentionView(10, 1 << 20));
        await client.DeleteDocumentAsync("c", "key3");
        await WriteAsync(client, 10, 40);
        Assert.Equal(FollowerStates.NeedsSnapshot, Assert.Single((await client.GetSyncStatusAsync()).Followers).State);

        await using var second = await FollowerProcess.StartAsync(cluster.Address, Id, _directory);
        await InSyncAsync(client);

        Assert.Equal(await RevisionsAsync(client), await RevisionsAsync(second));
        Assert.Equal(1, (await second.Api.GetAsync(Routes.SyncStatus)).Ok()["snapshots"].GetInt32());
    }

    private static async Task WriteAsync(QuorateClient client, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            await client.PutDocumentAsync("c", $"key{i}", JsonSerializer.SerializeToElement(new { n = i, text = "дом <b>" }));
        }
    }

    private static Task InSyncAsync(QuorateClient client) =>
        Eventually.HoldsAsync(async () => (await client.GetSyncStatusAsync()).Followers is [{ State: FollowerStates.InSync }]);

    private static async Task<long> SequenceAsync(FollowerProcess follower) =>
        (await follower.Api.GetAsync(Routes.SyncStatus)).Ok()["sequence"].GetInt64();

    private static async Task<List<string>> RevisionsAsync(QuorateClient client) =>
        [.. (await client.ListDocumentsAsync("c", limit: 1000)).Items.Select(Describe)];

    private static async Task<List<string>> RevisionsAsync(FollowerProcess follower)
    {
        using var http = new HttpClient { BaseAddress = follower.Address };
        return await RevisionsAsync(new QuorateClient(http));
    }

    private static string Describe(DocumentView view) =>
        $"{view.Key} {view.Rev} {view.Generation} {view.Sequence} {view.Hlc} {view.CreatedAt:O} {view.Value!.Value.GetProperty("n")} {view.Value.Value.GetProperty("text")}";
}
