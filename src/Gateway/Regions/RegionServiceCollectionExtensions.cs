using Quorate.Gateway.AllInOne;
using Quorate.Gateway.Blobs;
using Quorate.Gateway.Hosting;
using Quorate.Node.Access;
using Quorate.Node.Replication.Regions;

namespace Quorate.Gateway.Regions;

internal static class RegionServiceCollectionExtensions
{
    /// <summary>Registers the regions that this process serves, and what exchanges changes between them.</summary>
    /// <param name="configured">As the section <c>Cluster</c> says, for all regions.</param>
    public static IServiceCollection AddRegions(this IServiceCollection services, RegionsOptions options, ClusterOptions configured)
    {
        services.AddSingleton(options);
        services.AddSingleton(provider => new RegionSet(
            options,
            configured,
            provider.GetRequiredService<ClusterClient>(),
            provider.GetService<EmbeddedCluster>(),
            provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<RegionLinkGate>();
        services.AddSingleton<RegionAgents>();
        services.AddSingleton<RegionMonitor>();
        services.AddHostedService<RegionSetup>();
        services.AddSingleton<IRegionChunks>(provider => new LocalRegionChunks(
            provider.GetRequiredService<BlobRegions>().First,
            options,
            provider.GetRequiredService<RegionLinkGate>(),
            provider.GetRequiredService<ChunkBuffers>()));
        services.AddSingleton<BlobArrivals>();
        services.AddHostedService(provider => provider.GetRequiredService<RegionAgents>());
        services.AddHostedService(provider => provider.GetRequiredService<BlobArrivals>());
        return services;
    }
}
