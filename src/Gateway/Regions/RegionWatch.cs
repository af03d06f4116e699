using System.Globalization;
using Quorate.Contracts.Regions;
using Quorate.Core.Replication.Regions.Exchange;
using Quorate.Gateway.Live;

namespace Quorate.Gateway.Regions;

/// <summary>Tells operators when a region loses the coordinator or finds it again, a brake is pulled or let go, or a clock is not believed.</summary>
internal sealed class RegionWatch(RegionSet regions, RegionAgents agents, RegionMonitor monitor, ChangeFeed feed, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, bool> _connected = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _skewed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ahead = new(StringComparer.Ordinal);
    private readonly HashSet<(string Region, string Collection)> _braked = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (regions.Options.AreOff)
        {
            return;
        }

        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var region in monitor.Current.Regions.Where(region => region.Local))
            {
                TellConnection(region);
                TellClocks(region);
            }

            TellBrakes();
        }
    }

    private void TellConnection(RegionView region)
    {
        var connected = region.Phase == RegionPhases.Streaming;
        var known = _connected.TryGetValue(region.Id, out var was);
        if (region.Phase is not (RegionPhases.Streaming or RegionPhases.Disconnected) || (known && was == connected))
        {
            return;
        }

        _connected[region.Id] = connected;
        if (connected && known)
        {
            Report("system.region.connected", "info", region.Id, $"{region.Id} exchanges changes with the other regions again.");
        }
        else if (!connected && known)
        {
            Report(
                "system.region.disconnected",
                "warning",
                region.Id,
                $"{region.Id} does not reach the coordinator: its changes wait in its queue{(region.Error is null ? "" : $" ({region.Error.TrimEnd('.')})")}.");
        }
    }

    private void TellClocks(RegionView region)
    {
        var refused = agents.Find(region.Id)?.Status.Failures.GetValueOrDefault(RefusalCodes.ClockSkew) ?? 0;
        if (refused > _skewed.GetValueOrDefault(region.Id))
        {
            var count = refused - _skewed.GetValueOrDefault(region.Id);
            Report(
                "system.clock.refused",
                "critical",
                region.Id,
                string.Create(CultureInfo.InvariantCulture, $"{count} change(s) of {region.Id} were refused: its clock is further ahead than the budget. Check the clocks of its nodes."));
        }

        _skewed[region.Id] = refused;
        var ahead = region.ClockOffsetMs > regions.Options.Limits.ClockBudgetMs;
        if (ahead ? _ahead.Add(region.Id) : _ahead.Remove(region.Id))
        {
            Report(
                ahead ? "system.clock.ahead" : "system.clock.right",
                ahead ? "critical" : "info",
                region.Id,
                string.Create(CultureInfo.InvariantCulture, $"The hybrid clock of {region.Id} is {region.ClockOffsetMs} ms ahead of this gateway's{(ahead ? "" : ", within the budget again")}."));
        }
    }

    private void TellBrakes()
    {
        foreach (var region in regions.Served)
        {
            var pulled = region.Cluster.Peek(state => state.Regions.Brakes.Pulled.ToDictionary(brake => brake.Collection, brake => brake.Held, StringComparer.Ordinal));
            foreach (var (collection, held) in pulled.Where(brake => _braked.Add((region.Id, brake.Key))))
            {
                Report(
                    "system.brake.pulled",
                    "critical",
                    collection,
                    string.Create(CultureInfo.InvariantCulture, $"Other regions want to delete so much of {collection} in {region.Id} that {held} deletion(s) wait for an operator."));
            }

            foreach (var gone in _braked.Where(item => item.Region == region.Id && !pulled.ContainsKey(item.Collection)).ToList())
            {
                _braked.Remove(gone);
                Report("system.brake.released", "info", gone.Collection, $"No deletions of {gone.Collection} wait in {region.Id} any more.");
            }
        }
    }

    private void Report(string topic, string severity, string subject, string message) => feed.Report(time.GetUtcNow(), topic, severity, subject, message);
}
