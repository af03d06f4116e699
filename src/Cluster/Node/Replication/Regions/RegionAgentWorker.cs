using Microsoft.Extensions.Logging;
using Quorate.Contracts.Regions;

namespace Quorate.Node.Replication.Regions;

/// <summary>Runs a region's agent: hands its changes to the coordinator, and takes in what the others changed.</summary>
public sealed partial class RegionAgentWorker(
    string region, IRegionStore store, IRegionLink link, RegionAgentOptions options, TimeProvider time, ILogger logger)
{
    public string Region => region;

    /// <summary>What it does and has measured; may be read at any time, from any thread.</summary>
    public RegionStatus Status { get; private set; } =
        new(region, RegionPhases.Disconnected, null, 0, 0, new Dictionary<string, long>(), []);

    /// <summary>Tries now what waits for a pause to end.</summary>
    public void Wake()
    {
    }

    /// <summary>Runs until it is cancelled; whatever fails is tried again.</summary>
    public Task RunAsync(CancellationToken cancel) => Task.FromException(
        new NotSupportedException($"{region}: {store}, {link}, {options}, {time} and {logger} have no agent between them yet"));
}
