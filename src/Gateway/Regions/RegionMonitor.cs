using Quorate.Contracts.Regions;
using Quorate.Core.StateMachine;
using Quorate.Gateway.Endpoints;
using Quorate.Node.Replication.Regions;

namespace Quorate.Gateway.Regions;

/// <summary>Puts together what the regions served here say of themselves and of the links between them.</summary>
public sealed class RegionMonitor
{
    /// <summary>A picture is used for this long: a scrape of the metrics asks a dozen times.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(200);

    private readonly RegionSet _regions;
    private readonly RegionAgents _agents;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private RegionsView? _current;

    public RegionMonitor(RegionSet regions, RegionAgents agents, TimeProvider time)
    {
        (_regions, _agents, _time) = (regions, agents, time);

        // Whoever cuts a link and looks at once is to see it cut.
        agents.Gate.Changed += Forget;
    }

    /// <summary>As it was a moment ago. No regions when there is only one.</summary>
    public RegionsView Current
    {
        get
        {
            lock (_gate)
            {
                var now = _time.GetUtcNow();
                return _current is { } known && now - known.At < Fresh ? known : _current = Compose(now);
            }
        }
    }

    /// <summary>Whether there are several _regions.</summary>
    public bool IsOn => !_regions.Options.AreOff;

    /// <summary>Conflicts found by a region since it began, by strategy.</summary>
    internal IEnumerable<(string Region, Core.StateMachine.Documents.ConflictStrategy Strategy, long Count)> Found() =>
        from region in _regions.Served
        from strategy in Enum.GetValues<Core.StateMachine.Documents.ConflictStrategy>()
        select (region.Id, strategy, region.Cluster.Peek(state => state.Regions.Conflicts.Found(strategy)));

    private void Forget()
    {
        lock (_gate)
        {
            _current = null;
        }
    }

    private RegionsView Compose(DateTimeOffset now)
    {
        var options = _regions.Options;
        if (!IsOn)
        {
            return new RegionsView(now, options.Coordinator, [], [], options.Limits.ClockBudgetMs);
        }

        var facts = _regions.Served.ToDictionary(region => region.Id, region => region.Cluster.Peek(state => RegionFacts.Of(state, options)), StringComparer.Ordinal);
        var links = options.All.SelectMany(to => options.All.Where(from => from != to).Select(from => Link(from, to, facts, now))).OfType<RegionLinkView>().ToList();
        return new RegionsView(now, options.Coordinator, [.. options.All.Select(id => View(id, facts.GetValueOrDefault(id), facts.GetValueOrDefault(options.Coordinator), links, now))], links, options.Limits.ClockBudgetMs);
    }

    private RegionView View(string id, RegionFacts? facts, RegionFacts? coordinator, List<RegionLinkView> links, DateTimeOffset now)
    {
        var status = _agents.Find(id)?.Status;
        var incoming = links.Where(link => link.To == id).ToList();
        var (operations, bytes) = (incoming.Sum(link => link.LagOperations), incoming.Sum(link => link.LagBytes));
        return new RegionView(
            id,
            facts is not null,
            id == _regions.Options.Coordinator,
            _agents.PhaseOf(id) ?? RegionPhases.Unknown,
            facts?.Clock ?? ClockOf(id, coordinator),
            facts is null ? "" : DocumentViews.Text(facts.Hlc),
            facts is null ? 0 : Math.Max(0, facts.Hlc.UnixMs - now.ToUnixTimeMilliseconds()),
            facts?.QueueSize ?? 0,
            facts?.QueueBytes ?? 0,
            facts?.Documents ?? 0,
            facts?.Deletions ?? 0,
            facts?.Held ?? 0,
            facts?.OpenConflicts ?? 0,
            (status?.FailureCount ?? 0) + (_regions.Find(id)?.Refused ?? 0) + (id == _regions.First.Id ? _agents.Refused : 0),
            status?.Error,
            new CatchUpView(operations, bytes, operations == 0 ? 0 : Seconds(status, operations)));
    }

    private static double? Seconds(RegionStatus? status, long operations) =>
        status?.Origins.Sum(origin => origin.EventsPerMinute) is > 0 and var rate ? operations * 60.0 / rate : null;

    /// <returns>Null when nothing of it is known here.</returns>
    private RegionLinkView? Link(string from, string to, Dictionary<string, RegionFacts> facts, DateTimeOffset now)
    {
        var coordinator = facts.GetValueOrDefault(_regions.Options.Coordinator)?.Logs.GetValueOrDefault((from, to));
        var (sender, receiver) = (facts.GetValueOrDefault(from), facts.GetValueOrDefault(to));
        if (coordinator is null && receiver is null)
        {
            return null;
        }

        var status = _agents.Find(to)?.Status;
        var origin = status?.Origins.FirstOrDefault(item => item.Origin == from);
        var position = receiver?.Clock.GetValueOrDefault(from) ?? coordinator!.Position;
        var operations = Math.Max(0, (coordinator?.Received ?? origin?.Received ?? position) - position) + (sender?.QueueSize ?? 0);
        // The coordinator hears a little later than the region itself how far that is: no changes have no bytes.
        var bytes = operations == 0 ? 0 : (coordinator?.Bytes ?? origin?.LagBytes ?? 0) + (sender?.QueueBytes ?? 0);
        var oldest = Earlier(coordinator?.Oldest, sender?.Oldest);
        var seconds = operations == 0 || oldest is null ? 0 : Math.Max(0, (now - oldest.Value).TotalSeconds);
        var isCut = _agents.Gate.IsCut(from, to);
        return new RegionLinkView(
            from,
            to,
            isCut ? RegionLinkStates.Cut
                : IsDown(from) || IsDown(to) ? RegionLinkStates.Down
                : seconds > BehindSeconds ? RegionLinkStates.Behind
                : RegionLinkStates.Up,
            isCut,
            position,
            operations,
            bytes,
            seconds,
            origin?.Lag is { } lag ? new LagPartsView(lag.QueueMs, lag.NetworkMs, lag.ApplyMs) : null,
            origin?.EventsPerSecond ?? 0);
    }

    /// <summary>A link with older changes under way counts as behind.</summary>
    private const double BehindSeconds = 2;

    private bool IsDown(string region) => _agents.PhaseOf(region) == RegionPhases.Disconnected;

    /// <summary>The clock of a region in another process, as far as the coordinator knows it: what it has acknowledged, and handed over itself.</summary>
    private static Dictionary<string, long> ClockOf(string region, RegionFacts? coordinator)
    {
        var clock = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var ((from, to), log) in coordinator?.Logs ?? new Dictionary<(string From, string To), LogFacts>())
        {
            if (to == region)
            {
                clock[from] = log.Position;
            }
            else if (from == region)
            {
                clock[from] = log.Received;
            }
        }

        return clock;
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? left, DateTimeOffset? right) => left is null || right < left ? right ?? left : left;
}
