using System.Net;
using System.Text.Json;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Documents;
using Quorate.Contracts.Problems;
using Quorate.Contracts.Replication;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.Endpoints;

/// <summary>Followers in the gateway's process: real HTTP, real disks.</summary>
public sealed class SyncTests
{
    [Fact]
    public async Task Followers_PullWhatIsWritten_AndTheLogIsPruned()
    {
        await using var cluster = await ClusterFixture.StartAsync("--Replication:Followers=f1,f2");
        using var http = new HttpClient { BaseAddress = cluster.Address };
        var client = new QuorateClient(http);
        await client.CreateCollectionAsync("c");
        for (var i = 0; i < 25; i++)
        {
            await client.PutDocumentAsync("c", $"key{i}", JsonSerializer.SerializeToElement(i));
        }

        await Eventually.HoldsAsync(async () => (await client.GetSyncStatusAsync()).Followers.Count == 2);
        var triggered = await client.TriggerSyncAsync(new TriggerSyncRequest(WaitMs: 15_000));
        var status = await client.GetSyncStatusAsync();

        Assert.Equal((26, 2, 2), (triggered.LastSequence, triggered.Followers, triggered.InSync));
        Assert.Equal((26, 27, 0), (status.LastSequence, status.FirstSequence, status.Entries));
        Assert.All(status.Followers, follower =>
        {
            Assert.Equal((FollowerStates.InSync, 26, 0, 0, true), (follower.State, follower.Sequence, follower.LagOperations, follower.LagSeconds, follower.Embedded));
            Assert.Equal(25, cluster.FollowerCopy(follower.Id).Store.Read(state => state.Documents.Get("c")!.Count));
        });
        var position = await client.GetDocumentAsync(SystemCollections.SyncState, "f1");
        Assert.Equal(26, position.Value!.Value.GetProperty("sequence").GetInt32());
        var metrics = (await cluster.Api.GetAsync(Routes.Metrics)).Text;
        Assert.Contains("sync_events_total{region=\"local\",type=\"Insert\"} 25", metrics, StringComparison.Ordinal);
        Assert.Contains("sync_queue_size{region=\"local\"} 0", metrics, StringComparison.Ordinal);
        Assert.Contains("sync_lag_seconds{region=\"local\"} 0", metrics, StringComparison.Ordinal);
        Assert.Contains("sync_failures_total{region=\"local\"}", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Follower_BehindTheRetention_GetsASnapshot()
    {
        await using var cluster = await ClusterFixture.StartAsync();
        using var http = new HttpClient { BaseAddress = cluster.Address };
        var client = new QuorateClient(http);
        await client.CreateCollectionAsync("c", ConflictStrategies.Manual);
        var follower = Routes.Follower("far");
        (await cluster.Api.PutAsync(follower, """{"sequence":0}""")).Ok();
        await client.SetSyncRetentionAsync(new SyncRetentionView(5, 1 << 20));
        for (var i = 0; i < 20; i++)
        {
            await client.PutDocumentAsync("c", $"key{i}", JsonSerializer.SerializeToElement(i));
        }

        var refused = (await cluster.Api.GetAsync($"{Routes.SyncLog}?follower=far&after=0")).Problem(HttpStatusCode.Gone, ErrorCodes.SnapshotRequired);
        var status = Assert.Single((await client.GetSyncStatusAsync()).Followers);
        var lines = (await cluster.Api.GetAsync($"{Routes.SyncSnapshot}?follower=far")).Ok().Text.TrimEnd().Split('\n').Select(line => JsonElement.Parse(line)).ToList();

        Assert.Equal(21, refused["lastSequence"].GetInt32());
        Assert.Equal((FollowerStates.NeedsSnapshot, 21), (status.State, status.LagOperations));
        Assert.Equal((21, 21), (lines[0].GetProperty("sequence").GetInt32(), lines[^1].GetProperty("complete").GetInt32()));
        Assert.Equal("CreateCollection", lines[1].GetProperty("operation").GetString());
        Assert.Equal(20, lines.Count(line => line.TryGetProperty("operation", out var kind) && kind.GetString() == "Insert"));
        (await cluster.Api.PutAsync(follower, """{"sequence":21}""")).Ok();
        await client.PutDocumentAsync("c", "more", null);
        Assert.Equal(1, (await cluster.Api.GetAsync($"{Routes.SyncLog}?follower=far&after=21")).Ok()["entries"].GetArrayLength());
    }

    [Fact]
    public async Task Trigger_EndsTheWaitingOfFollowers()
    {
        await using var cluster = await ClusterFixture.StartAsync();
        (await cluster.Api.PutAsync(Routes.Follower("f"), """{"sequence":0}""")).Ok();
        var pull = cluster.Api.GetAsync($"{Routes.SyncLog}?follower=f&after=0&waitMs=30000");
        await Eventually.HoldsAsync(async () => (await cluster.Api.GetAsync(Routes.SyncStatus)).Ok()["followers"][0].GetProperty("lastContact").ValueKind == JsonValueKind.String);

        await Eventually.HoldsAsync(async () =>
        {
            (await cluster.Api.PostAsync(Routes.SyncTrigger, "{}")).Ok();
            return pull.IsCompleted;
        });

        Assert.Equal(0, (await pull).Ok()["entries"].GetArrayLength());
    }

    [Fact]
    public async Task BadInput_IsRefusedByNameAndCounted()
    {
        await using var cluster = await ClusterFixture.StartAsync();
        var api = cluster.Api;
        (await api.PutAsync(Routes.Follower("f"), "{}")).Problem(HttpStatusCode.BadRequest, ErrorCodes.InvalidArgument, "sequence");
        (await api.PutAsync(Routes.Follower("f"), """{"sequence":-1}""")).Problem(HttpStatusCode.BadRequest, ErrorCodes.InvalidArgument, "sequence");
        (await api.PutAsync(Routes.Follower("f"), """{"sequence":9}""")).Problem(HttpStatusCode.Gone, ErrorCodes.SnapshotRequired);
        (await api.GetAsync(Routes.SyncLog)).Problem(HttpStatusCode.BadRequest, ErrorCodes.InvalidArgument, "follower");
        (await api.GetAsync($"{Routes.SyncLog}?follower=f")).Problem(HttpStatusCode.BadRequest, ErrorCodes.InvalidArgument, "after");
        (await api.GetAsync($"{Routes.SyncLog}?follower=f&after=0&limit=0")).Problem(HttpStatusCode.BadRequest, ErrorCodes.InvalidArgument, "limit");
        (await api.GetAsync($"{Routes.SyncLog}?follower=stranger&after=0")).Problem(HttpStatusCode.NotFound, ErrorCodes.FollowerNotFound);
        (await api.GetAsync($"{Routes.SyncSnapshot}?follower=stranger")).Problem(HttpStatusCode.NotFound, ErrorCodes.FollowerNotFound);
        (await api.DeleteAsync(Routes.Follower("stranger"))).Problem(HttpStatusCode.NotFound, ErrorCodes.FollowerNotFound);
        (await api.PostAsync(Routes.SyncTrigger, """{"follower":"stranger"}""")).Problem(HttpStatusCode.NotFound, ErrorCodes.FollowerNotFound);
        (await api.PostAsync(Routes.SyncTrigger, """{"waitMs":-1}""")).Problem(HttpStatusCode.BadRequest, ErrorCodes.InvalidArgument, "waitMs");
        (await api.PutAsync(Routes.SyncRetention, """{"maxEntries":0,"maxBytes":4096}""")).Problem(HttpStatusCode.BadRequest, ErrorCodes.InvalidArgument, "maxEntries");
        (await api.PutAsync(Routes.SyncRetention, """{"maxEntries":1,"maxBytes":1}""")).Problem(HttpStatusCode.BadRequest, ErrorCodes.InvalidArgument, "maxBytes");

        Assert.Contains("sync_failures_total{region=\"local\"} 3", (await api.GetAsync(Routes.Metrics)).Text, StringComparison.Ordinal);
    }
}
