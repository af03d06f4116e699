using System.Runtime.CompilerServices;
using System.Text.Json;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Live;
using Quorate.Contracts.State;

namespace Quorate.Backends.Cluster;

/// <summary>Messages as events of the cluster. A lost connection is opened again and goes on where it ended, as far back as events are kept.</summary>
internal sealed class ClusterSubscription(ClusterSyncOptions options, string topic, long after) : ISyncSubscription
{
    private readonly CancellationTokenSource _left = new();

    /// <summary>One segment, whatever the topic: dots and the characters of patterns are escaped.</summary>
    public static string EventTopic(string topic) => "sync." + Uri.EscapeDataString(topic).Replace(".", "%2E", StringComparison.Ordinal);

    public async IAsyncEnumerable<JsonElement> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _left.Token);
        var feed = new LiveFeed(new LiveFeedOptions { GatewayUrl = () => options.GatewayUrl, AccessToken = () => options.AccessToken });
        var name = Topics.Bus + EventTopic(topic);
        var last = after;
        await using var messages = feed.Subscribe([name], new Dictionary<string, long> { [name] = after }, either.Token).GetAsyncEnumerator();
        while (await NextAsync(messages, cancellation))
        {
            if (messages.Current.Kind == LiveKinds.Missed)
            {
                continue;
            }

            // After a gap the feed begins anew with events of which some were seen.
            foreach (var item in messages.Current.Payload.Deserialize<BusPayload>(ContractJson.Options)!.Events)
            {
                if (item.Id > last)
                {
                    last = item.Id.Value;
                    yield return item.Payload;
                }
            }
        }
    }

    public async ValueTask DisposeAsync() => await _left.CancelAsync();

    private async Task<bool> NextAsync(IAsyncEnumerator<LiveMessage> messages, CancellationToken cancellation)
    {
        try
        {
            return await messages.MoveNextAsync();
        }
        catch (OperationCanceledException) when (_left.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
