using Quorate.Backends.Cluster;
using Quorate.Backends.Memory;
using Quorate.Backends.Redis;
using Quorate.Contracts.State;
using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Backends.Tests.Conformance;

/// <summary>What stands behind the backends: this process, a gateway with three nodes, and a redis-server.</summary>
public sealed class BackendServers : IAsyncLifetime
{
    private readonly ClusterFixture _cluster = new();
    private RedisServer? _redis;

    /// <summary>Every backend. Without a redis-server on this machine its tests are missing, except with <c>CI=true</c>, where they fail.</summary>
    public static TheoryData<string> All { get; } = RedisServer.IsInstalled || Environment.GetEnvironmentVariable("CI") == "true"
        ? [StateBackends.Memory, StateBackends.Cluster, StateBackends.Redis]
        : [StateBackends.Memory, StateBackends.Cluster];

    public async Task InitializeAsync()
    {
        await _cluster.InitializeAsync();
        if (All.Count == 3)
        {
            _redis = await RedisServer.StartAsync();
        }
    }

    public async Task DisposeAsync()
    {
        await _cluster.DisposeAsync();
        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }
    }

    /// <summary>A backend as a process of its own would have it.</summary>
    public ISyncBackend Open(string name) => name switch
    {
        StateBackends.Memory => new MemorySyncBackend(),
        StateBackends.Cluster => new ClusterSyncBackend(new ClusterSyncOptions { GatewayUrl = _cluster.Address, Timeout = TimeSpan.FromSeconds(30) }),
        StateBackends.Redis => new RedisSyncBackend(new RedisSyncOptions { ConnectionString = _redis!.Address, Timeout = TimeSpan.FromSeconds(30) }),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };
}

[CollectionDefinition(Name)]
public sealed class BackendCollection : ICollectionFixture<BackendServers>
{
    public const string Name = "all backends";
}
