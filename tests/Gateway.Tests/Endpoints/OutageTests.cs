using System.Diagnostics;
using System.Net;
using Quorate.Contracts;
using Quorate.Contracts.Problems;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.Endpoints;

/// <summary>What clients see while nodes fail.</summary>
public sealed class OutageTests
{
    /// <summary>The two seconds that are promised, and some for a busy machine.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2.5);

    [Fact]
    public async Task Requests_WithoutQuorum_FailWithinTwoSecondsAndWorkAgainAfterwards()
    {
        await using var cluster = await ClusterFixture.StartAsync();
        (await cluster.Api.PutAsync(Routes.Key("k"), """{"value":1}""")).Ok();
        var stopped = cluster.Followers.Take(1).Append(cluster.Leader).ToList();
        stopped.ForEach(node => node.Stop());

        foreach (var request in (Func<Task<Answer>>[])
        [
            () => cluster.Api.PutAsync(Routes.Key("k"), """{"value":2}"""),
            () => cluster.Api.GetAsync(Routes.Key("k")),
            () => cluster.Api.GetAsync(Routes.Kv),
            () => cluster.Api.PostAsync(Routes.Lock("l") + "/acquire", """{"owner":"me","waitMs":60000}"""),
            () => cluster.Api.PostAsync(Routes.Sessions),
            () => cluster.Api.PostAsync(Routes.Election),
        ])
        {
            var watch = Stopwatch.StartNew();
            var answer = (await request()).Problem(HttpStatusCode.ServiceUnavailable, ErrorCodes.NoQuorum);

            Assert.InRange(watch.Elapsed, TimeSpan.Zero, Limit);
            Assert.True(answer.Headers.RetryAfter!.Delta > TimeSpan.Zero);
            Assert.True(answer["retryAfterMs"].GetInt32() > 0);
        }

        (await cluster.Api.PostAsync(Routes.Leadership)).Problem(HttpStatusCode.ServiceUnavailable, ErrorCodes.NoQuorum);
        await Eventually.HoldsAsync(async () => !(await cluster.Api.GetAsync(Routes.Cluster)).Ok()["hasQuorum"].GetBoolean());
        (await cluster.Api.GetAsync(Routes.Leaders)).Ok();
        Assert.Equal(3, (await cluster.Api.GetAsync(Routes.Beliefs)).Ok().Json.GetArrayLength());

        stopped.ForEach(node => node.Start());
        await Eventually.HoldsAsync(async () => (await cluster.Api.GetAsync(Routes.Ready)).Status == HttpStatusCode.OK);
        (await cluster.Api.PutAsync(Routes.Key("k"), """{"value":3}""")).Ok();
        Assert.Equal(3, (await cluster.Api.GetAsync(Routes.Key("k"))).Ok()["value"].GetInt32());
    }

    [Fact]
    public async Task Requests_WhileLeadersStopOneAfterAnother_AllSucceed()
    {
        await using var cluster = await ClusterFixture.StartAsync();
        using var enough = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 4).Select(client => WriteAndReadAsync(cluster, client, enough.Token)).ToArray();

        for (var round = 0; round < 3; round++)
        {
            var leader = cluster.Leader;
            leader.Stop();
            await Eventually.HoldsAsync(() => cluster.Cluster.Leader is { } next && next.Link.Id != leader.Id);
            leader.Start();
            await Eventually.HoldsAsync(() => cluster.Nodes.All(node => node.Host!.Status.CommitIndex >= cluster.Cluster.AppliedIndex));
        }

        await enough.CancelAsync();
        Assert.All(await Task.WhenAll(clients), writes => Assert.True(writes > 0));
    }

    [Fact]
    public async Task Write_ToAnIsolatedLeader_IsCarriedOutByTheNext()
    {
        await using var cluster = await ClusterFixture.StartAsync();
        var isolated = cluster.Leader;
        (await cluster.Api.PostAsync(Routes.LaboratoryNode(isolated.Id.Value, "isolate"))).Ok();

        var put = (await cluster.Api.PutAsync(Routes.Key("k"), """{"value":"still there"}""")).Ok();

        Assert.NotEqual(isolated.Id, cluster.Leader.Id);
        Assert.True(put["revision"].GetInt64() > 0);
        Assert.Equal("still there", (await cluster.Api.GetAsync(Routes.Key("k"))).Ok()["value"].GetString());
    }

    [Fact]
    public async Task Acquire_WaitingWhileTheLeaderStops_IsStillGranted()
    {
        await using var cluster = await ClusterFixture.StartAsync();
        var token = (await cluster.Api.PostAsync(Routes.Lock("l") + "/acquire", """{"owner":"first"}""")).Ok()["fencingToken"].GetInt64();
        var second = cluster.Api.PostAsync(Routes.Lock("l") + "/acquire", """{"owner":"second","waitMs":60000}""");
        await Eventually.HoldsAsync(() => cluster.Cluster.Peek(state => state.Locks.Get("l")?.Waits.Count == 1));

        cluster.Leader.Stop();
        (await cluster.Api.PostAsync(Routes.Lock("l") + "/release", $$"""{"owner":"first","fencingToken":{{token}}}""")).Ok();

        Assert.True((await second).Ok()["fencingToken"].GetInt64() > token);
    }

    [Fact]
    public async Task Transfer_ToAStoppedNode_FailsWithoutHoldingUpWrites()
    {
        await using var cluster = await ClusterFixture.StartAsync();
        var follower = cluster.Followers.First();
        follower.Stop();

        (await cluster.Api.PostAsync(Routes.Leadership, $$"""{"target":"{{follower.Id}}"}""")).Problem(HttpStatusCode.Conflict, ErrorCodes.TransferFailed);

        (await cluster.Api.PutAsync(Routes.Key("k"), """{"value":1}""")).Ok();
    }

    private static async Task<int> WriteAndReadAsync(ClusterFixture cluster, int client, CancellationToken enough)
    {
        var key = Routes.Key($"client-{client}");
        var writes = 0;
        while (!enough.IsCancellationRequested)
        {
            writes++;
            (await cluster.Api.PutAsync(key, $$"""{"value":{{writes}}}""")).Ok();
            var read = (await cluster.Api.GetAsync(key)).Ok();
            Assert.Equal((writes, writes), (read["value"].GetInt32(), read["version"].GetInt32()));
        }

        return writes;
    }
}
