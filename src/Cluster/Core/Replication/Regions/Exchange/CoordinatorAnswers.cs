using Quorate.Core.StateMachine;

namespace Quorate.Core.Replication.Regions.Exchange;

/// <summary>What the coordinator answers from its state alone, without changing it.</summary>
public static class CoordinatorAnswers
{
    /// <summary>How far the coordinator is with the others.</summary>
    public static IReadOnlyList<OriginPosition> Others(ClusterState state, string region) =>
        [.. state.Coordinator.Origins.Where(log => log.Origin != region).Select(log => new OriginPosition(log.Origin, log.Received))];

    /// <summary>The next changes of each origin.</summary>
    /// <param name="isWithheld">Whether nothing of an origin may be answered now.</param>
    /// <returns>A <see cref="PullAnswer"/>, or a <see cref="RefusedAnswer"/> when a log does not reach back that far.</returns>
    public static RegionMessage Pull(ClusterState state, PullRequest request, Func<string, bool> isWithheld)
    {
        var origins = new List<OriginChanges>();
        var (changes, bytes) = (Math.Max(1, request.MaxChanges), Math.Max(1, request.MaxBytes));

        // Whoever has little leaves the rest of its share to those after it: nobody waits behind a long log.
        var asked = request.Positions.Where(position => position.Origin != request.Region)
            .Select(position => (position.Origin, After: position.Number, Log: state.Coordinator.Get(position.Origin)))
            .OrderBy(item => item.Log?.Received - item.After ?? 0)
            .ToList();
        for (var i = 0; i < asked.Count; i++)
        {
            var (origin, after, log) = asked[i];
            if (log is null || after >= log.Received || isWithheld(origin))
            {
                origins.Add(new OriginChanges(origin, after, after, [], Math.Max(after, log?.Received ?? 0), log?.BytesAfter(after) ?? 0));
                continue;
            }

            if (!log.Reaches(after))
            {
                return new RefusedAnswer(
                    RefusalCodes.CopyRequired, $"{request.Region} has {origin} up to {after}, and the log begins after {log.Pruned}.");
            }

            var share = asked.Count - i;
            var part = Part(log, after, Math.Max(1, changes / share), bytes / share);
            origins.Add(part);
            (changes, bytes) = (changes - part.Changes.Count, bytes - part.Changes.Sum(change => change.Cost));
        }

        return new PullAnswer(origins);
    }

    /// <summary>What a copy of this state has of the others, and of its own what got a number: all of that is in the state.</summary>
    public static IReadOnlyList<OriginPosition> CopyPositions(ClusterState state, string region) => state.Regions.Settings is not { } settings
        ? []
        : [.. settings.Regions.Where(origin => origin != region).Select(origin => new OriginPosition(
            origin,
            origin == settings.Self ? state.Coordinator.Get(origin)?.Received ?? 0

            // What the coordinating region itself can have from no copy of itself was lost, and is offered again.
            : region == settings.Self ? Math.Max(state.Inbox.Get(origin).Position, state.Coordinator.Get(origin)?.Pruned ?? 0)
            : state.Inbox.Get(origin).Position))];

    private static OriginChanges Part(OriginLog log, long after, int maxChanges, long maxBytes)
    {
        var (taken, bytes) = (new List<ChangeEvent>(), 0L);
        foreach (var change in log.After(after))
        {
            bytes += change.Cost;
            if (taken.Count == maxChanges || (taken.Count > 0 && bytes > maxBytes))
            {
                var upTo = taken[^1].Number;
                return new OriginChanges(log.Origin, after, upTo, taken, log.Received, log.BytesAfter(upTo));
            }

            taken.Add(change);
        }

        return new OriginChanges(log.Origin, after, log.Received, taken, log.Received, 0);
    }
}
