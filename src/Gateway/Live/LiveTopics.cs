using Quorate.Contracts.Live;
using Quorate.Core.StateMachine.Events;
using Quorate.Node.Access;

namespace Quorate.Gateway.Live;

/// <summary>Every topic that can be subscribed to: those of the feed, and those with a parameter, which are made for whoever asks.</summary>
public sealed class LiveTopics(ChangeFeed feed, EventBus bus, ClusterClient cluster)
{
    public bool Exists(string name) => Pattern(name) is { } pattern
        ? TopicPattern.IsPattern(pattern)
        : IsWatch(name) || feed.Find(name) is not null;

    /// <summary>A topic for one subscriber, who disposes of it if it can be disposed of.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public ITopic Open(string name)
    {
        if (!Exists(name))
        {
            throw new ArgumentException($"There is no topic '{name}'.", nameof(name));
        }

        if (Pattern(name) is { } pattern)
        {
            return new BusTopic(name, pattern, cluster, bus);
        }

        return IsWatch(name) ? new KvWatchTopic(name, name[Topics.KvWatch.Length..], cluster, feed.KvChanges) : feed.Find(name)!;
    }

    /// <summary>
    /// A subscriber may come from another gateway that was further than this one is: then what it saw is known to the cluster, and this
    /// gateway asks for it before it says anything. Without a quorum it says what it knows.
    /// </summary>
    public async Task CatchUpAsync(IEnumerable<ITopic> topics, IReadOnlyDictionary<string, long> seen, CancellationToken cancel)
    {
        if (!topics.Any(topic => topic is KvWatchTopic or BusTopic && seen.TryGetValue(topic.Name, out var version) && version > topic.Version))
        {
            return;
        }

        try
        {
            await cluster.ReadAsync(_ => true, cancel);
        }
        catch (Exception error) when (error is NoQuorumException or OverloadedException)
        {
            // The topics say themselves that something is missing.
        }
    }

    private static string? Pattern(string name) => name.StartsWith(Topics.Bus, StringComparison.Ordinal) ? name[Topics.Bus.Length..] : null;

    private static bool IsWatch(string name) => name.StartsWith(Topics.KvWatch, StringComparison.Ordinal);
}
