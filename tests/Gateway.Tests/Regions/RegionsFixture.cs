using Quorate.Gateway.Tests.Hosting;

namespace Quorate.Gateway.Tests.Regions;

/// <summary>Three regions of one node each in one process.</summary>
public sealed class RegionsFixture : IAsyncLifetime
{
    private ClusterFixture _gateway = null!;

    public ApiClient Api => _gateway.Api;

    public Uri Address => _gateway.Address;

    internal ClusterFixture Gateway => _gateway;

    public async Task InitializeAsync()
    {
        _gateway = await ClusterFixture.StartAsync("--Regions:Embedded=eu,us,ap");
    }

    public Task DisposeAsync() => _gateway.DisposeAsync();
}

[CollectionDefinition(Name)]
public sealed class RegionsCollection : ICollectionFixture<RegionsFixture>
{
    public const string Name = "three regions";
}
