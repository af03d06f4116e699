using Quorate.Client;

namespace Quorate.Dashboard.Live;

public enum FreshnessKind
{
    /// <summary>Nothing has arrived yet: show a skeleton.</summary>
    Waiting,

    /// <summary>The stream flows; what is shown is what is.</summary>
    Live,

    /// <summary>The stream has stopped or has a gap; what is shown is what was.</summary>
    Stale,
}

/// <param name="Version">The topic's version, null while waiting.</param>
/// <param name="ChangedAt">When the shown data arrived.</param>
public sealed record Freshness(FreshnessKind Kind, long? Version, DateTimeOffset? ChangedAt)
{
    /// <param name="flowing">Whether a message has arrived over the present connection: only then is a resumed topic known to be current.</param>
    public static Freshness Of(TopicState topic, FeedStatus feed, bool flowing)
    {
        if (!topic.HasData)
        {
            return new Freshness(FreshnessKind.Waiting, null, null);
        }

        var live = feed.State == FeedState.Connected && flowing && !topic.AwaitsSnapshot;
        return new Freshness(live ? FreshnessKind.Live : FreshnessKind.Stale, topic.Version, topic.ReceivedAt);
    }
}
