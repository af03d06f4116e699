using Quorate.Gateway.Regions;
using Quorate.Node.Replication.Regions;

namespace Quorate.Gateway.Blobs;

/// <summary>Has the content of blobs fetched that other regions wrote, for every region served here.</summary>
internal sealed class BlobArrivals : BackgroundService
{
    private readonly List<BlobFetcher> _fetchers = [];
    private readonly List<HttpRegionLink> _links = [];

    /// <exception cref="Hosting.StartupException">A TLS file cannot be used.</exception>
    public BlobArrivals(
        RegionsOptions options, BlobRegions blobs, RegionAgents agents, ChunkBuffers buffers, BlobTransfers transfers, ILoggerFactory loggers)
    {
        if (options.AreOff)
        {
            return;
        }

        var ways = new Dictionary<string, IRegionChunks>(StringComparer.Ordinal);
        foreach (var region in options.All)
        {
            if (blobs.Find(region) is { } local)
            {
                ways.Add(region, new LocalRegionChunks(local, options, agents.Gate, buffers));
            }
            else
            {
                var link = RegionAgents.CreateLink(options, region);
                _links.Add(link);
                ways.Add(region, link);
            }
        }

        foreach (var region in blobs.All)
        {
            var others = new RegionSources(region.Id, options.Coordinator, ways, agents.Gate);
            _fetchers.Add(new BlobFetcher(region, others, agents.Find(region.Id)!, buffers, transfers, loggers.CreateLogger($"Quorate.Region.{region.Id}")));
        }
    }

    /// <returns>Chunks that came from other regions, and those of them that came damaged.</returns>
    public (long Fetched, long Corrupt) Counts(string region) => _fetchers.Find(fetcher => fetcher.Region == region)?.Counts ?? (0, 0);

    public override void Dispose()
    {
        base.Dispose();
        _links.ForEach(link => link.Dispose());
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(_fetchers.Select(fetcher => Task.Run(() => fetcher.RunAsync(stoppingToken), CancellationToken.None)));
}
