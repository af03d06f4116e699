using Quorate.Gateway.AllInOne;
using Quorate.Gateway.Hosting;
using Quorate.Gateway.Problems;
using Quorate.Node.Access;

namespace Quorate.Gateway.Regions;

/// <summary>The regions that requests can address. The first has everything; of the others documents and blobs are reached.</summary>
public sealed class RegionSet : IAsyncDisposable
{
    private readonly List<Region> _served;

    /// <param name="configured">As the section <c>Cluster</c> says, for all regions.</param>
    /// <param name="first">The cluster of the first region, which belongs to the caller.</param>
    /// <param name="embedded">Its nodes; null when they run elsewhere.</param>
    /// <exception cref="StartupException">A data directory cannot be used.</exception>
    internal RegionSet(RegionsOptions options, ClusterOptions configured, ClusterClient first, EmbeddedCluster? embedded, ILoggerFactory loggers)
    {
        Options = options;
        _served = [new Region(options.ClusterOf(options.Served[0], configured), first, embedded)];
        foreach (var id in options.Served.Skip(1))
        {
            var cluster = options.ClusterOf(id, configured);
            var nodes = new EmbeddedCluster(cluster, loggers);
            _served.Add(new Region(cluster, new ClusterClient(nodes.CreateLinks(), new ClusterClientOptions()), nodes));
        }
    }

    public RegionsOptions Options { get; }

    /// <summary>In the order of the configuration.</summary>
    public IReadOnlyList<Region> Served => _served;

    /// <summary>What a request means that names no region.</summary>
    public Region First => _served[0];

    public Region? Find(string id) => _served.Find(region => region.Id == id);

    /// <param name="id">Null or empty: the first.</param>
    /// <exception cref="UnknownRegionException">It is not served here; counted with the failures of the first.</exception>
    internal Region Require(string? id)
    {
        if ((string.IsNullOrEmpty(id) ? First : Find(id)) is { } region)
        {
            return region;
        }

        First.CountRefused();
        throw new UnknownRegionException(Options.All.Contains(id!)
            ? $"Region '{id}' is served by another process; this one serves {string.Join(", ", Served.Select(served => served.Id))}."
            : $"There is no region '{id}'. Known regions: {string.Join(", ", Options.All)}.");
    }

    /// <exception cref="StartupException">A data directory cannot be used, or no port can be had.</exception>
    public void Start() => _served.ForEach(region => region.Embedded?.Start());

    public async ValueTask DisposeAsync()
    {
        foreach (var region in _served.Skip(1))
        {
            await region.Cluster.DisposeAsync();
            region.Embedded?.Dispose();
        }
    }
}
