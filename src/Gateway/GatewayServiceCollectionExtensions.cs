using Microsoft.Extensions.DependencyInjection.Extensions;
using Quorate.Backends.Redis;
using Quorate.Gateway.AllInOne;
using Quorate.Gateway.Blobs;
using Quorate.Gateway.Cache;
using Quorate.Gateway.Demo;
using Quorate.Gateway.Hosting;
using Quorate.Gateway.Live;
using Quorate.Gateway.Metrics;
using Quorate.Gateway.Regions;
using Quorate.Gateway.Replication;
using Quorate.Node.Access;

namespace Quorate.Gateway;

public static class GatewayServiceCollectionExtensions
{
    /// <summary>Registers the cluster behind the gateway: embedded nodes or links to nodes elsewhere, the client with its mirror, the monitor.</summary>
    /// <exception cref="StartupException">The configuration is wrong; lists every error.</exception>
    public static WebApplicationBuilder AddCluster(this WebApplicationBuilder builder)
    {
        var errors = new List<string>();
        var configured = ClusterOptions.Read(builder.Configuration, errors);
        var regions = RegionsConfiguration.Read(builder.Configuration, errors);
        var cache = CacheOptions.Read(builder.Configuration, errors);
        GatewayConfiguration.Validate(builder.Configuration, configured, errors);
        if (errors.Count > 0)
        {
            throw new StartupException(errors);
        }

        var services = builder.Services;
        var cluster = regions.ClusterOf(regions.Served[0], configured);
        services.AddSingleton(cluster);
        services.AddOptions<GatewayOptions>().Configure(options => GatewayConfiguration.Apply(builder.Configuration, cluster, options));
        services.TryAddSingleton(TimeProvider.System);
        if (cluster.EmbeddedNodes > 0)
        {
            services.AddSingleton<EmbeddedCluster>();
            services.AddSingleton(provider => provider.GetRequiredService<EmbeddedCluster>().CreateLinks());
        }
        else
        {
            services.AddSingleton(provider => RemoteLinks.Create(cluster, provider.GetRequiredService<ILoggerFactory>()));
        }

        services.AddSingleton(provider => new ClusterClient(provider.GetRequiredService<IReadOnlyList<INodeLink>>(), new ClusterClientOptions()));
        services.AddRegions(regions, configured);
        services.AddSingleton(cache);
        services.AddSingleton(provider => new RedisStore(cache.Redis, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<CacheService>();
        services.AddSingleton<ClusterMonitor>();
        services.AddSingleton<ITopologySource>(provider => provider.GetRequiredService<ClusterMonitor>());
        services.AddHostedService(provider => provider.GetRequiredService<ClusterMonitor>());
        services.AddSingleton<Members>();
        services.AddSingleton<ConsistencyCheck>();
        services.AddHostedService<MemberLinks>();
        services.AddSingleton<EmbeddedFollowers>();
        services.AddHostedService(provider => provider.GetRequiredService<EmbeddedFollowers>());
        services.AddSingleton<SyncMonitor>();
        services.AddSingleton<ChunkBuffers>();
        services.AddSingleton<BlobTransfers>();
        services.AddSingleton<BlobRegions>();
        return builder;
    }

    /// <summary>Registers the live feed, the metrics and, where they are on, laboratory and demo.</summary>
    public static WebApplicationBuilder AddLive(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(provider =>
            new ChangeFeed(
                provider.GetRequiredService<ClusterClient>(),
                provider.GetRequiredService<ITopologySource>().Current,
                provider.GetRequiredService<QueueSampler>(),
                provider.GetRequiredService<CacheService>(),
                provider.GetRequiredService<SyncMonitor>(),
                provider.GetRequiredService<RegionMonitor>()));
        services.AddSingleton<EventBus>();
        services.AddSingleton<LiveTopics>();
        services.AddHostedService<MetricsSampler>();
        services.AddHostedService<CacheWatch>();
        services.AddHostedService<LagSampler>();
        services.AddHostedService<RegionWatch>();
        services.AddSingleton<BlobMonitor>();
        services.AddHostedService(provider => provider.GetRequiredService<BlobMonitor>());
        services.AddSingleton<PrometheusExporter>();
        services.AddSingleton(provider =>
            new QuorateMeter(
                provider.GetRequiredService<ClusterClient>(),
                provider.GetRequiredService<ITopologySource>(),
                provider.GetRequiredService<CacheService>(),
                provider.GetRequiredService<SyncMonitor>(),
                provider.GetRequiredService<BlobMonitor>(),
                provider.GetRequiredService<BlobTransfers>(),
                provider.GetRequiredService<RegionSet>(),
                provider.GetRequiredService<RegionMonitor>(),
                provider.GetRequiredService<TimeProvider>()));
        services.AddSignalR().AddJsonProtocol(options => Contracts.ContractJson.Configure(options.PayloadSerializerOptions));
        if (GatewayConfiguration.LaboratoryEnabled(builder.Configuration))
        {
            services.AddSingleton<ILaboratory, Laboratory>();
        }

        if (builder.Configuration.GetValue<bool>("Demo:Enabled"))
        {
            services.AddHostedService<DemoWorkload>();
        }

        return builder;
    }

    public static WebApplication MapLive(this WebApplication app)
    {
        app.MapHub<LiveHub>(Contracts.Routes.Hub);
        app.MapGet(Contracts.Routes.Metrics, (PrometheusExporter exporter, QuorateMeter _) =>
            TypedResults.Text(exporter.Write(), PrometheusExporter.ContentType)).ExcludeFromDescription();
        return app;
    }
}
