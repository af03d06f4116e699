using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Quorate.Contracts;
using Quorate.Contracts.Live;

namespace Quorate.Gateway.Live;

/// <summary>The live feed: for each topic first a snapshot (or, when resuming, what was missed), then deltas.</summary>
public sealed class LiveHub(ChangeFeed feed, LiveTopics all) : Hub
{
    /// <summary>Changes within this time travel together.</summary>
    private static readonly TimeSpan Coalesce = TimeSpan.FromMilliseconds(100);

    private const int MaxTopics = 32;

    /// <summary>Streams changes of topics until the caller cancels. Nothing is buffered here: a slow reader gets larger steps.</summary>
    /// <param name="topics">Names of <see cref="Topics"/>, at most 32; at least one.</param>
    /// <param name="resumeFrom">Per topic the last version seen; topics left out begin with a snapshot.</param>
    /// <exception cref="HubException">A topic does not exist, or none was named.</exception>
    public IAsyncEnumerable<LiveMessage> Subscribe(string[] topics, IDictionary<string, long>? resumeFrom, CancellationToken cancel)
    {
        if (topics is not { Length: > 0 })
        {
            throw new HubException($"Name at least one topic: {string.Join(", ", Topics.All)}.");
        }

        if (topics.Length > MaxTopics)
        {
            throw new HubException($"A subscription has at most {MaxTopics} topics.");
        }

        var names = topics.Distinct(StringComparer.Ordinal).ToList();
        if (names.Find(name => !all.Exists(name)) is { } unknown)
        {
            throw new HubException(
                $"There is no topic '{unknown}'. Topics: {string.Join(", ", Topics.All)}, {Topics.KvWatch}<prefix>, {Topics.Bus}<pattern>.");
        }

        return Stream(names, resumeFrom ?? new Dictionary<string, long>(), cancel);
    }

    private async IAsyncEnumerable<LiveMessage> Stream(
        List<string> names, IDictionary<string, long> resumeFrom, [EnumeratorCancellation] CancellationToken cancel)
    {
        var seen = new Dictionary<string, long>(resumeFrom.Where(pair => names.Contains(pair.Key)));
        var topics = names.ConvertAll(all.Open);
        try
        {
            await all.CatchUpAsync(topics, seen, cancel);
            while (true)
            {
                var next = feed.Signal.Next;
                var more = false;
                foreach (var topic in topics)
                {
                    var read = seen.TryGetValue(topic.Name, out var version) ? topic.Since(version) : topic.Snapshot();
                    if (read is null)
                    {
                        continue;
                    }

                    if (read.Missed is { } missed)
                    {
                        yield return Message(topic, read.Version, LiveKinds.Missed, new Missed(missed, "the subscriber was away or too slow"));
                    }

                    yield return Message(topic, read.Version, read.IsDelta ? LiveKinds.Delta : LiveKinds.Snapshot, read.Payload);
                    seen[topic.Name] = read.Version;
                    more |= read.HasMore;
                }

                if (!more)
                {
                    await next.WaitAsync(cancel);
                    await Task.Delay(Coalesce, cancel);
                }
            }
        }
        finally
        {
            topics.ForEach(topic => (topic as IDisposable)?.Dispose());
        }
    }

    private static LiveMessage Message(ITopic topic, long version, string kind, object payload) => new(
        topic.Name, version, kind, DateTimeOffset.UtcNow, JsonSerializer.SerializeToElement(payload, payload.GetType(), ContractJson.Options));
}
