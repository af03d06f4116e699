[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Quorate.EndToEnd.Harness;

/// <summary>One gateway for all tests that leave its nodes alone; each test uses names of its own.</summary>
public sealed class SharedGateway : IAsyncLifetime
{
    internal Gateway Gateway { get; private set; } = null!;

    public async Task InitializeAsync() => Gateway = await Gateway.StartAsync();

    public async Task DisposeAsync() => await Gateway.DisposeAsync();
}

/// <summary>Tests that share one gateway and one browser.</summary>
[CollectionDefinition(Name)]
public sealed class SharedCollection : ICollectionFixture<SharedGateway>, ICollectionFixture<Chromium>
{
    public const string Name = "one gateway for all";
}

/// <summary>Tests that break things: they share a browser, and each runs a gateway of its own.</summary>
[CollectionDefinition(Name)]
public sealed class OwnGatewayCollection : ICollectionFixture<Chromium>
{
    public const string Name = "a gateway each";
}
