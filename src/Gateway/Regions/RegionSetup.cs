using Quorate.Core.Replication.Regions;
using Quorate.Core.StateMachine;
using Quorate.Gateway.Hosting;
using Quorate.Node.Access;

namespace Quorate.Gateway.Regions;

/// <summary>Tells each cluster which region it is and which others there are, once it has a leader, and again when the configuration has changed.</summary>
internal sealed class RegionSetup(RegionSet regions, ILogger<RegionSetup> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => regions.Options.AreOff
        ? Task.CompletedTask
        : Task.WhenAll(regions.Served.Select(region => ConfigureAsync(region, stoppingToken)));

    private async Task ConfigureAsync(Region region, CancellationToken cancel)
    {
        var settings = regions.Options.SettingsOf(region.Id);
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                if (await region.Cluster.ReadAsync(state => state.Regions.Settings?.HasSameMeaning(settings) == true, cancel))
                {
                    return;
                }

                if (await region.Cluster.ExecuteAsync(new RegionConfigure(settings), new WriteOptions(Reason: "configuration"), cancel) is RegionResult.OtherRegion other)
                {
                    RegionLog.OtherRegion(logger, region.Id, other.Self);
                    return;
                }
            }
            catch (ClusterUnavailableException)
            {
                await Task.Delay(Pause, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}

internal static partial class RegionLog
{
    [LoggerMessage(3200, LogLevel.Critical, "The cluster configured as region {Region} is region {Self} already: nothing is exchanged. Correct Regions:Self, or the order of Regions:Embedded.")]
    public static partial void OtherRegion(ILogger logger, string region, string self);
}
