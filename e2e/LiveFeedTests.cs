using System.Text.Json;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Live;

namespace Quorate.EndToEnd;

[Collection(SharedCollection.Name)]
public sealed class LiveFeedTests(SharedGateway shared)
{
    private readonly Gateway _gateway = shared.Gateway;

    [Fact]
    public async Task Subscribe_toEveryTopic_beginsWithASnapshotOfEach()
    {
        using var limit = new CancellationTokenSource(Deadlines.Condition);
        var waiting = Topics.All.ToHashSet();
        await foreach (var message in Feed().Subscribe([.. Topics.All], cancellation: limit.Token))
        {
            if (waiting.Remove(message.Topic))
            {
                Assert.Equal(LiveKinds.Snapshot, message.Kind);
            }

            if (waiting.Count == 0)
            {
                return;
            }
        }
    }

    [Fact]
    public async Task Subscribe_whileKeysChange_sendsDeltasWithRisingVersions()
    {
        using var limit = new CancellationTokenSource(Deadlines.Condition);
        var version = -1L;
        await foreach (var message in Feed().Subscribe([Topics.Kv], cancellation: limit.Token))
        {
            Assert.True(message.Version > version);
            version = message.Version;
            if (message.Kind == LiveKinds.Snapshot)
            {
                await _gateway.PutAsync("feed/delta", 1);
            }
            else if (Keys(message).Items.Any(key => key.Key == "feed/delta"))
            {
                Assert.Equal(LiveKinds.Delta, message.Kind);
                return;
            }
        }
    }

    [Fact]
    public async Task Subscribe_resumed_sendsOnlyWhatWasMissed()
    {
        await _gateway.PutAsync("feed/before", 1);
        var version = (await FirstAsync(null)).Version;
        await _gateway.PutAsync("feed/missed", 2);

        var resumed = await FirstAsync(new Dictionary<string, long> { [Topics.Kv] = version });
        Assert.Equal(LiveKinds.Delta, resumed.Kind);
        Assert.Contains(Keys(resumed).Items, key => key.Key == "feed/missed");
        Assert.DoesNotContain(Keys(resumed).Items, key => key.Key == "feed/before");
    }

    [Fact]
    public async Task Subscribe_toATopicThatDoesNotExist_isRefusedByName()
    {
        using var stop = new CancellationTokenSource(Deadlines.Condition);
        var refused = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var feed = Feed();
        feed.StatusChanged += status =>
        {
            if (status.Error is { } error)
            {
                refused.TrySetResult(error);
            }
        };
        await using var messages = feed.Subscribe(["weather"], cancellation: stop.Token).GetAsyncEnumerator(stop.Token);
        var next = messages.MoveNextAsync().AsTask();

        Assert.Contains("There is no topic 'weather'", await refused.Task.WaitAsync(Deadlines.Condition));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    private LiveFeed Feed() => new(new LiveFeedOptions { GatewayUrl = () => _gateway.Address });

    private async Task<LiveMessage> FirstAsync(Dictionary<string, long>? resumeFrom)
    {
        using var limit = new CancellationTokenSource(Deadlines.Condition);
        await foreach (var message in Feed().Subscribe([Topics.Kv], resumeFrom, limit.Token))
        {
            return message;
        }

        throw new InvalidOperationException("The feed ended.");
    }

    private static KvPayload Keys(LiveMessage message) => message.Payload.Deserialize<KvPayload>(ContractJson.Options)!;
}
