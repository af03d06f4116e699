using Quorate.Contracts.Regions;
using Quorate.Gateway.Hosting;
using Quorate.Node.Replication.Regions;
using Quorate.Node.Transport;

namespace Quorate.Gateway.Regions;

/// <summary>
/// What exchanges changes between regions: an agent for each region served here, the coordinator's answers when its cluster is served here,
/// and the listener for regions in other processes.
/// </summary>
public sealed class RegionAgents : BackgroundService
{
    private readonly RegionsOptions _options;
    private readonly ILoggerFactory _loggers;
    private readonly Dictionary<string, ClusterRegionStore> _stores = new(StringComparer.Ordinal);
    private readonly List<RegionAgentWorker> _workers = [];
    private readonly RegionCoordinator? _coordinator;
    private readonly HttpRegionLink? _elsewhere;
    private readonly IRegionChunks _chunks;
    private RegionLinkListener? _listener;

    /// <param name="chunks">The content of blobs in the first region, for the others.</param>
    /// <exception cref="StartupException">A TLS file cannot be used.</exception>
    public RegionAgents(RegionSet regions, RegionLinkGate gate, IRegionChunks chunks, ILoggerFactory loggers, TimeProvider time)
    {
        (_options, _loggers, _chunks, Gate) = (regions.Options, loggers, chunks, gate);
        if (_options.AreOff)
        {
            return;
        }

        foreach (var region in regions.Served)
        {
            _stores.Add(region.Id, new ClusterRegionStore(region.Cluster));
        }

        var home = _stores.GetValueOrDefault(_options.Coordinator) ?? _stores[regions.First.Id];
        _coordinator = new RegionCoordinator(home, gate, time);
        _elsewhere = _stores.ContainsKey(_options.Coordinator) ? null : CreateLink(_options, _options.Coordinator);
        foreach (var (region, store) in _stores)
        {
            _workers.Add(new RegionAgentWorker(
                region, store, (IRegionLink?)_elsewhere ?? _coordinator, new RegionAgentOptions(), time, loggers.CreateLogger($"Quorate.Region.{region}")));
        }
    }

    /// <summary>Links that the laboratory has cut.</summary>
    public RegionLinkGate Gate { get; }

    /// <summary>Where regions in other processes reach this one; null while nothing listens.</summary>
    public Uri? Listening => _listener?.Address;

    /// <summary>Messages of other regions that were refused before the cluster saw them.</summary>
    public long Refused => _listener?.Refused ?? 0;

    /// <returns>Null when the region's agent runs in another process.</returns>
    public RegionAgentWorker? Find(string region) => _workers.Find(worker => worker.Region == region);

    /// <summary>What a region's agent does, as far as it can be told here: from the agent, from what the coordinator hears of it, from whether the coordinator is reached.</summary>
    /// <returns>One of <see cref="RegionPhases"/>; null when nothing is known.</returns>
    public string? PhaseOf(string region) =>
        Find(region)?.Status.Phase is { } phase ? phase
        : _elsewhere is null ? _coordinator?.PhaseOf(region)
        : region == _options.Coordinator ? _workers[0].Status.Phase == RegionPhases.Disconnected ? RegionPhases.Disconnected : RegionPhases.Streaming
        : null;

    /// <exception cref="StartupException">The port for the other regions is taken.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_options.Listen is { } address)
        {
            _listener = await RegionLinkListener.StartAsync(
                new RegionListenerOptions(address, _options.Secret, _options.Tls), _coordinator!, _loggers, cancellationToken, _chunks);
        }

        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_listener is { } listener)
        {
            await listener.DisposeAsync();
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _coordinator?.Dispose();
        _elsewhere?.Dispose();
        foreach (var store in _stores.Values)
        {
            store.Dispose();
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(_workers.Select(worker => Task.Run(() => worker.RunAsync(stoppingToken), CancellationToken.None)));

    /// <exception cref="StartupException">A TLS file cannot be used.</exception>
    internal static HttpRegionLink CreateLink(RegionsOptions options, string region)
    {
        try
        {
            var address = options.Peers[region];
            return new HttpRegionLink(new HttpRegionLinkOptions { Coordinator = () => address, Secret = options.Secret, Tls = options.Tls });
        }
        catch (TransportException error)
        {
            throw new StartupException($"Regions:Tls: {error.Message}");
        }
    }
}
