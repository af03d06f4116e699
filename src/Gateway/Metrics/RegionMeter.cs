using System.Diagnostics.Metrics;
using Quorate.Contracts.Regions;
using Quorate.Gateway.Regions;
using Quorate.Node.Replication;

namespace Quorate.Gateway.Metrics;

/// <summary>The instruments of regions, nothing of which is measured while there is only one. Names and labels are fixed.</summary>
internal static class RegionMeter
{
    public static void Register(Meter meter, RegionMonitor regions)
    {
        meter.CreateObservableCounter(
            "conflicts_total",
            () => regions.Found().Select(item => new Measurement<long>(item.Count, Label("region", item.Region), Label("strategy", ConflictStrategyNames.Of(item.Strategy)))),
            description: "Conflicts found in a region since it began, by the collection's strategy.");
        meter.CreateObservableGauge("sync_lag_part_seconds", () => regions.Current.Links.SelectMany(Parts), description: "Where the time of recent changes from a region to another went.");
        Link("sync_link_lag_operations", link => link.LagOperations, "Changes of a region that another lacks.");
        Link("sync_link_lag_seconds", link => link.LagSeconds, "Age of the oldest change of a region that another lacks.");
        Link("sync_link_up", link => link.State is RegionLinkStates.Up or RegionLinkStates.Behind ? 1 : 0, "1 while changes pass from a region to another.");
        Link("sync_link_events_per_second", link => link.EventsPerSecond, "Changes taken in over ten seconds.");
        Region("sync_catch_up_operations", region => region.CatchUp.Operations, "Changes that a region lacks of the others.");
        Region("sync_catch_up_bytes", region => region.CatchUp.Bytes, "What they count together.");
        Region("sync_catch_up_seconds", region => region.CatchUp.Seconds, "When a region will have them, at the rate of the last minute; absent while nothing moves.");
        Region("sync_conflicts_open", region => region.Local ? region.Conflicts : null, "Conflicts that wait for somebody to decide.");
        Region("sync_deletions_held", region => region.Local ? region.Held : null, "Deletions from elsewhere that wait for an operator.");
        Region("sync_clock_offset_seconds", region => region.Local ? region.ClockOffsetMs / 1000.0 : null, "How far a region's hybrid clock is ahead of this process's clock.");

        void Link(string name, Func<RegionLinkView, double> value, string description) => meter.CreateObservableGauge(
            name, () => regions.Current.Links.Select(link => new Measurement<double>(value(link), Label("from", link.From), Label("to", link.To))), description: description);

        void Region(string name, Func<RegionView, double?> value, string description) => meter.CreateObservableGauge(
            name,
            () => regions.Current.Regions.Where(region => value(region) is not null).Select(region => new Measurement<double>(value(region)!.Value, Label("region", region.Id))),
            description: description);
    }

    private static IEnumerable<Measurement<double>> Parts(RegionLinkView link) => link.Lag is { } lag
        ? [Part(link, "queue", lag.QueueMs), Part(link, "network", lag.NetworkMs), Part(link, "apply", lag.ApplyMs)]
        : [];

    private static Measurement<double> Part(RegionLinkView link, string part, double milliseconds) =>
        new(milliseconds / 1000, Label("from", link.From), Label("to", link.To), Label("part", part));

    private static KeyValuePair<string, object?> Label(string name, string value) => new(name, value);
}
