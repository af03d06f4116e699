using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Quorate.Core.Raft;
using Quorate.Gateway.AllInOne;
using Quorate.Gateway.Hosting;
using Quorate.Gateway.Regions;
using Quorate.Gateway.Replication;
using Quorate.Node;
using Quorate.Node.Access;
using Quorate.Node.Replication;

namespace Quorate.Gateway.Tests.Hosting;

/// <summary>
/// The gateway's own pipeline on Kestrel, before three nodes that talk over TCP and keep their logs in a temporary directory.
/// Shared by the tests of <see cref="ClusterCollection"/>; tests that break nodes start one of their own.
/// </summary>
public sealed class ClusterFixture : IAsyncLifetime, IAsyncDisposable
{
    private readonly string[] _settings;
    private readonly string _directory = Directory.CreateTempSubdirectory("quorate-gateway-").FullName;
    private WebApplication _app = null!;
    private ClusterFixture? _nodesOf;

    public ClusterFixture()
        : this([])
    {
    }

    private ClusterFixture(string[] settings) => _settings = settings;

    public ApiClient Api { get; private set; } = null!;

    public Uri Address { get; private set; } = null!;

    internal ClusterClient Cluster => _app.Services.GetRequiredService<ClusterClient>();

    internal T Service<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    internal IReadOnlyList<QuorateNode> Nodes => _app.Services.GetRequiredService<EmbeddedCluster>().Nodes;

    internal string DataOf(QuorateNode node) => Path.Combine(_directory, node.Id.Value);

    internal QuorateNode Leader => Nodes.Single(node => node.Id == Cluster.Leader!.Value.Link.Id);

    internal FollowerWorker FollowerCopy(string id) => _app.Services.GetRequiredService<EmbeddedFollowers>().Find(id)!;

    internal IEnumerable<QuorateNode> Followers => Nodes.Where(node => node != Leader);

    internal IReadOnlyList<Endpoint> Endpoints => _app.Services.GetRequiredService<EndpointDataSource>().Endpoints;

    /// <summary>Starts a cluster that the test has for itself.</summary>
    /// <param name="settings">As on the command line: <c>--Gateway:MaxPayloadBytes=2048</c>.</param>
    public static async Task<ClusterFixture> StartAsync(params string[] settings)
    {
        var fixture = new ClusterFixture(settings);
        await fixture.InitializeAsync();
        return fixture;
    }

    /// <summary>Another gateway, without nodes of its own, before the nodes of the first. It is to be disposed of before the first.</summary>
    public static async Task<ClusterFixture> JoinAsync(ClusterFixture first)
    {
        var members = string.Join(',', first.Nodes.Select(node => $"{node.Id}={node.Address}"));
        var fixture = new ClusterFixture([$"--Cluster:Members={members}"]) { _nodesOf = first };
        await fixture.InitializeAsync();
        return fixture;
    }

    public async Task InitializeAsync()
    {
        var builder = GatewayHostExtensions.CreateBuilder(
            ["--urls=http://127.0.0.1:0", $"--Cluster:DataDirectory={_directory}", .. _settings]);
        builder.Logging.ClearProviders();
        builder.AddCluster();
        builder.AddLive();
        builder.Services.AddQuorateApi();

        if (_nodesOf is not null)
        {
            builder.Services.AddSingleton(_nodesOf._app.Services.GetRequiredService<EmbeddedCluster>().CreateLinks());
        }

        _app = builder.Build();
        _app.UseQuorateProblems();
        _app.UseBodyBudget();
        _app.MapQuorateApi();
        _app.MapLive();

        _app.Services.GetRequiredService<RegionSet>().Start();
        await _app.StartAsync();
        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Address = new Uri(addresses.Single());
        Api = new ApiClient(Address);
        await Eventually.HoldsAsync(() => Cluster.Leader is not null);
    }

    public async Task DisposeAsync()
    {
        Api.Dispose();
        await _app.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();
}

[CollectionDefinition(Name)]
public sealed class ClusterCollection : ICollectionFixture<ClusterFixture>
{
    public const string Name = "one cluster";
}
