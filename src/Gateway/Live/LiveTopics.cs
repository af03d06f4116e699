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

    private static string? Pattern(string name) => name.StartsWith(Topics.Bus, StringComparison.Ordinal) ? name[Topics.Bus.Length..] : null;

    private static bool IsWatch(string name) => name.StartsWith(Topics.KvWatch, StringComparison.Ordinal);
}
