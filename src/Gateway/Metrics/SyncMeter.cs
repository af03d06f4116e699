using System.Diagnostics.Metrics;
using Quorate.Core.Replication;
using Quorate.Gateway.Regions;
using Quorate.Gateway.Replication;

namespace Quorate.Gateway.Metrics;

/// <summary>The instruments of replication. Names and labels are fixed.</summary>
internal static class SyncMeter
{
    private static readonly SyncOperation[] Types = Enum.GetValues<SyncOperation>();

    public static void Register(Meter meter, SyncMonitor sync, RegionSet regions, RegionMonitor monitor)
    {
        meter.CreateObservableCounter(
            "sync_events_total",
            () => regions.Served.SelectMany(region => Types.Select(operation => new Measurement<long>(
                region.Changes.Seen(operation), Label(region.Id), new KeyValuePair<string, object?>("type", operation.ToString())))),
            description: "Changes of documents seen in the committed log of a region since this gateway started.");
        meter.CreateObservableGauge(
            "sync_queue_size",
            () => monitor.IsOn
                ? Regions(monitor, region => region.QueueSize)
                : [new Measurement<double>(Slowest(sync, follower => follower.LagOperations), Label(sync.Region))],
            description: "Changes that a region has not handed to the coordinator; without other regions, that the slowest follower lacks.");
        meter.CreateObservableGauge(
            "sync_lag_seconds",
            () => monitor.IsOn
                ? Regions(monitor, region => monitor.Current.Links.Where(link => link.To == region.Id).Select(link => link.LagSeconds).DefaultIfEmpty().Max())
                : [new Measurement<double>(Slowest(sync, follower => follower.LagSeconds), Label(sync.Region))],
            description: "Age of the oldest change that a region lacks of the others; without other regions, that a follower lacks.");
        meter.CreateObservableCounter(
            "sync_failures_total",
            () => monitor.IsOn
                ? Regions(monitor, region => region.Failures + (region.Id == sync.Region ? sync.Failures : 0))
                : [new Measurement<double>(sync.Failures + regions.First.Refused, Label(sync.Region))],
            description: "Exchanges and changes that failed or were refused, rounds of followers among them.");
        meter.CreateObservableGauge(
            "quorate_follower_lag_operations", () => Each(sync, follower => follower.LagOperations), description: "Changes that a follower lacks.");
        meter.CreateObservableGauge(
            "quorate_follower_lag_seconds", () => Each(sync, follower => follower.LagSeconds), description: "Age of the oldest change that a follower lacks.");
        meter.CreateObservableCounter("quorate_sync_sent_total", () => sync.Sent, description: "Changes handed out to followers by this gateway.");
    }

    private static KeyValuePair<string, object?> Label(string region) => new("region", region);

    private static IEnumerable<Measurement<double>> Regions(RegionMonitor monitor, Func<Contracts.Regions.RegionView, double> value) =>
        monitor.Current.Regions.Where(region => region.Local).Select(region => new Measurement<double>(value(region), Label(region.Id)));

    private static T Slowest<T>(SyncMonitor sync, Func<Contracts.Replication.FollowerView, T> value) =>
        sync.Status().Followers.Select(value).DefaultIfEmpty().Max()!;

    private static IEnumerable<Measurement<double>> Each(SyncMonitor sync, Func<Contracts.Replication.FollowerView, double> value) =>
        sync.Status().Followers.Select(follower => new Measurement<double>(value(follower), new KeyValuePair<string, object?>("follower", follower.Id)));
}
