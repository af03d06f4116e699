using Quorate.Node.Replication.Regions;

namespace Quorate.Gateway.Regions;

/// <summary>The agents of the regions served here: each hands its region's changes to the coordinator and takes in what the others changed.</summary>
public sealed class RegionAgents : BackgroundService
{
    private readonly List<RegionAgentWorker> _workers = [];
    private readonly List<ClusterRegionStore> _stores = [];

    /// <param name="link">A region's way to the coordinator.</param>
    internal RegionAgents(RegionSet regions, RegionLinkGate gate, Func<Region, IRegionLink?> link, ILoggerFactory loggers, TimeProvider time)
    {
        Gate = gate;
        foreach (var region in regions.Options.AreOff ? [] : regions.Served)
        {
            var store = new ClusterRegionStore(region.Cluster);
            _stores.Add(store);
            if (link(region) is { } way)
            {
                _workers.Add(new RegionAgentWorker(
                    region.Id, store, way, new RegionAgentOptions(), time, loggers.CreateLogger($"Quorate.Region.{region.Id}")));
            }
        }
    }

    /// <summary>Links that the laboratory has cut.</summary>
    public RegionLinkGate Gate { get; }

    /// <returns>Null when the region's agent runs in another process.</returns>
    public RegionAgentWorker? Find(string region) => _workers.Find(worker => worker.Region == region);

    public override void Dispose()
    {
        base.Dispose();
        _stores.ForEach(store => store.Dispose());
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(_workers.Select(worker => Task.Run(() => worker.RunAsync(stoppingToken), CancellationToken.None)));
}
