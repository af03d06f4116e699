using System.Net;
using Quorate.Contracts;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.Endpoints;

public sealed class HealthTests
{
    [Fact]
    public async Task Ready_FollowsTheQuorum_WhileLiveStaysUp()
    {
        await using var cluster = await ClusterFixture.StartAsync();
        var ready = (await cluster.Api.GetAsync(Routes.Ready)).Ok();
        Assert.Equal("ready", ready["status"].GetString());
        Assert.Equal(cluster.Leader.Id.Value, ready["leader"].GetString());
        Assert.True(ready["appliedIndex"].GetInt64() > 0);

        // The leader goes on and still believes that it leads.
        var stopped = cluster.Followers.ToList();
        stopped.ForEach(node => node.Stop());

        var not = (await cluster.Api.GetAsync(Routes.Ready)).Ok(HttpStatusCode.ServiceUnavailable);
        Assert.Equal("not_ready", not["status"].GetString());
        Assert.False(string.IsNullOrEmpty(not["detail"].GetString()));
        Assert.Equal("live", (await cluster.Api.GetAsync(Routes.Live)).Ok()["status"].GetString());

        stopped[0].Start();
        await Eventually.HoldsAsync(async () => (await cluster.Api.GetAsync(Routes.Ready)).Status == HttpStatusCode.OK);
    }
}
