using System.Text.Json;
using Quorate.Backends.Cluster;
using Quorate.Contracts.State;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Backends.Tests.Cluster;

/// <summary>A gateway that cannot be reached, or whose cluster has no quorum.</summary>
public sealed class ClusterOutageTests
{
    [Fact]
    public async Task Requests_NobodyListens_FailWithTheBackendsException()
    {
        await using var backend = Open(new Uri("http://127.0.0.1:1"));

        Assert.Equal(StateBackends.Cluster, (await Assert.ThrowsAsync<SyncBackendException>(() => backend.GetAsync("rate"))).Backend);
        await Assert.ThrowsAsync<SyncBackendException>(() => backend.SubscribeAsync("rate"));
    }

    [Fact]
    public async Task Requests_NoQuorum_FailAndLockIsNotGranted()
    {
        await using var cluster = await ClusterFixture.StartAsync();
        await using var backend = Open(cluster.Address);
        await backend.SetAsync("rate", JsonSerializer.SerializeToElement(1));
        foreach (var node in cluster.Followers.ToList())
        {
            node.Stop();
        }

        await Assert.ThrowsAsync<SyncBackendException>(() => backend.SetAsync("rate", JsonSerializer.SerializeToElement(2)));
        await Assert.ThrowsAsync<SyncBackendException>(() => backend.TryAcquireLockAsync("door", "me", TimeSpan.FromSeconds(1)));
    }

    private static ClusterSyncBackend Open(Uri gateway) =>
        new(new ClusterSyncOptions { GatewayUrl = gateway, Timeout = TimeSpan.FromSeconds(2) });
}
