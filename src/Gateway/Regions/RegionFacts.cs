using Quorate.Core.Clocks;
using Quorate.Core.Replication.Regions.Exchange;
using Quorate.Core.StateMachine;
using Quorate.Gateway.Endpoints;

namespace Quorate.Gateway.Regions;

/// <summary>What a region's replicated state says of its exchange with the others, read in one moment.</summary>
/// <param name="Clock">Its changes of each region, its own included, as far as it has taken them in or handed them over.</param>
/// <param name="Hlc">The latest time that it has stamped or seen.</param>
/// <param name="Oldest">When the oldest change of its outbox was made; null when there is none.</param>
/// <param name="Logs">In the coordinator's cluster: what each region (to) lacks of each origin (from); empty elsewhere.</param>
internal sealed record RegionFacts(
    IReadOnlyDictionary<string, long> Clock,
    HlcTimestamp Hlc,
    long QueueSize,
    long QueueBytes,
    DateTimeOffset? Oldest,
    long Documents,
    long Deletions,
    long Held,
    long OpenConflicts,
    IReadOnlyDictionary<(string From, string To), LogFacts> Logs)
{
    public static RegionFacts Of(ClusterState state, RegionsOptions options) => new(
        ClockOf(state),
        state.Time > state.Regions.Seen ? state.Time : state.Regions.Seen,
        state.Outbox.Count,
        state.Outbox.Bytes,
        state.Outbox.Oldest is { } oldest ? Views.Time(oldest) : null,
        state.Documents.Documents,
        state.Regions.Deletions,
        state.Regions.Brakes.Held,
        state.Regions.Conflicts.Open,
        LogsOf(state, options));

    private static Dictionary<string, long> ClockOf(ClusterState state)
    {
        var clock = state.Inbox.Origins.ToDictionary(origin => origin.Origin, origin => origin.Position, StringComparer.Ordinal);
        clock[state.Regions.Self] = state.Outbox.Settled;
        return clock;
    }

    private static Dictionary<(string From, string To), LogFacts> LogsOf(ClusterState state, RegionsOptions options)
    {
        var logs = new Dictionary<(string From, string To), LogFacts>();
        foreach (var log in state.Coordinator.Origins)
        {
            foreach (var to in options.All.Where(region => region != log.Origin))
            {
                logs[(log.Origin, to)] = LogFacts.Of(log, state.Coordinator.Acknowledged(to, log.Origin));
            }
        }

        return logs;
    }
}

/// <summary>What a region lacks of an origin's log.</summary>
/// <param name="Position">The last change that it is known to have.</param>
/// <param name="Received">The last change in the log.</param>
/// <param name="Oldest">When the first of those was made that it lacks; null when it lacks none.</param>
internal sealed record LogFacts(long Position, long Received, long Bytes, DateTimeOffset? Oldest)
{
    public static LogFacts Of(OriginLog log, long position) => new(
        position, log.Received, log.BytesAfter(position), log.After(position).FirstOrDefault() is { } first ? Views.Time(first.At) : null);
}
