using Quorate.Contracts.Replication;
using Quorate.Gateway.Live;
using Quorate.Gateway.Replication;

namespace Quorate.Gateway.Metrics;

/// <summary>Notes once a second how far the log and its followers are.</summary>
public sealed class LagSampler(SyncMonitor sync, ChangeFeed feed, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var status = sync.Status();
            feed.Add(new SyncSample(
                status.At,
                status.LastSequence,
                [.. status.Followers.Select(each => new FollowerSample(each.Id, each.Sequence, each.LagOperations, each.LagSeconds))]));
        }
    }
}
