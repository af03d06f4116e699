using Quorate.Contracts.Metrics;
using Quorate.Gateway.Live;
using Quorate.Node.Access;
using Quorate.Node.Hosting;

namespace Quorate.Gateway.Metrics;

/// <summary>Takes one sample a second for the charts.</summary>
public sealed class MetricsSampler(ClusterClient cluster, ChangeFeed feed, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        var (commands, reads, at) = (cluster.Commands, cluster.Reads, time.GetTimestamp());
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var seconds = time.GetElapsedTime(at).TotalSeconds;
            var (nowCommands, nowReads) = (cluster.Commands, cluster.Reads);
            feed.Add(Sample((nowCommands - commands) / seconds, (nowReads - reads) / seconds));
            (commands, reads, at) = (nowCommands, nowReads, time.GetTimestamp());
        }
    }

    private MetricsSample Sample(double writes, double reads)
    {
        var latency = cluster.WriteLatency.Figures();
        var (keys, locks, waiters, sessions) = cluster.Peek(state => (state.Kv.Count, state.Locks.Count, state.Locks.Waiters, state.Sessions.Count));
        return new MetricsSample(
            time.GetUtcNow(),
            writes,
            reads,
            latency.P50?.TotalMilliseconds,
            latency.P99?.TotalMilliseconds,
            cluster.PendingWrites,
            keys,
            locks,
            waiters,
            sessions,
            [.. cluster.Links.OrderBy(link => link.Id).Select(Sample).OfType<NodeSample>()]);
    }

    private static NodeSample? Sample(INodeLink link) => link.Status is { } status
        ? new NodeSample(
            link.Id.Value,
            status.CommitIndex.Value,
            status.AppliedIndex.Value,
            status.Fsync.P50?.TotalMilliseconds,
            status.Fsync.P99?.TotalMilliseconds,
            MajorityRoundTrip(status)?.TotalMilliseconds,
            status.InboxLength,
            status.SaveQueueLength,
            status.ApplyQueueLength)
        : null;

    /// <summary>The leader itself is one of the majority, so in a cluster of three the faster follower decides.</summary>
    private static TimeSpan? MajorityRoundTrip(NodeStatus status)
    {
        var needed = status.Membership.Voters.Count / 2;
        var fastest = status.RoundTrips.Where(trip => status.Membership.IsVoter(trip.Peer)).Select(trip => trip.RoundTrip).Order().Take(needed).ToArray();
        return needed > 0 && fastest.Length == needed ? fastest[^1] : null;
    }
}
