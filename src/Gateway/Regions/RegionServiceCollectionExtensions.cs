using Quorate.Gateway.AllInOne;
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
        services.AddHostedService(provider => provider.GetRequiredService<RegionAgents>());
        return services;
    }
}
