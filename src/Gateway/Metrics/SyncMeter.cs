using System.Diagnostics.Metrics;
using Quorate.Core.Replication;
using Quorate.Gateway.Replication;

namespace Quorate.Gateway.Metrics;

/// <summary>The instruments of replication. Names and labels are fixed.</summary>
internal static class SyncMeter
{
    private static readonly SyncOperation[] Types = Enum.GetValues<SyncOperation>();

    public static void Register(Meter meter, SyncMonitor sync)
    {
        meter.CreateObservableCounter(
            "sync_events_total",
            () => Types.Select(operation => new Measurement<long>(
                sync.Seen(operation), Region(sync), new KeyValuePair<string, object?>("type", operation.ToString()))),
            description: "Changes of documents seen in the committed log since this gateway started.");
        meter.CreateObservableGauge(
            "sync_queue_size",
            () => new Measurement<long>(Slowest(sync, follower => follower.LagOperations), Region(sync)),
            description: "Changes that the slowest follower lacks.");
        meter.CreateObservableGauge(
            "sync_lag_seconds",
            () => new Measurement<double>(Slowest(sync, follower => follower.LagSeconds), Region(sync)),
            description: "Age of the oldest change that a follower lacks.");
        meter.CreateObservableCounter(
            "sync_failures_total", () => new Measurement<long>(sync.Failures, Region(sync)), description: "Rounds of followers that failed or were refused.");
        meter.CreateObservableGauge(
            "quorate_follower_lag_operations", () => Each(sync, follower => follower.LagOperations), description: "Changes that a follower lacks.");
        meter.CreateObservableGauge(
            "quorate_follower_lag_seconds", () => Each(sync, follower => follower.LagSeconds), description: "Age of the oldest change that a follower lacks.");
        meter.CreateObservableCounter("quorate_sync_sent_total", () => sync.Sent, description: "Changes handed out to followers by this gateway.");
    }

    private static KeyValuePair<string, object?> Region(SyncMonitor sync) => new("region", sync.Region);

    private static T Slowest<T>(SyncMonitor sync, Func<Contracts.Replication.FollowerView, T> value) =>
        sync.Status().Followers.Select(value).DefaultIfEmpty().Max()!;

    private static IEnumerable<Measurement<double>> Each(SyncMonitor sync, Func<Contracts.Replication.FollowerView, double> value) =>
        sync.Status().Followers.Select(follower => new Measurement<double>(value(follower), new KeyValuePair<string, object?>("follower", follower.Id)));
}
