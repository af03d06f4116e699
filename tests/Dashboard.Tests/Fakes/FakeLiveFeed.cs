using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Live;

namespace Quorate.Dashboard.Tests.Fakes;

/// <summary>A live feed whose messages and connection state a test decides.</summary>
internal sealed class FakeLiveFeed(TimeProvider time) : ILiveFeed
{
    private readonly Channel<LiveMessage> _messages = Channel.CreateUnbounded<LiveMessage>();
    private long _version;

    public FeedStatus Status { get; private set; } = new(FeedState.Connected, time.GetUtcNow());

    public int Retries { get; private set; }

    public event Action<FeedStatus>? StatusChanged;

    public async IAsyncEnumerable<LiveMessage> Subscribe(
        string[] topics, IDictionary<string, long>? resumeFrom = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var message in _messages.Reader.ReadAllAsync(cancellation))
        {
            yield return message;
        }
    }

    public void RetryNow() => Retries++;

    public void Snapshot<T>(string topic, T payload) => Send(topic, LiveKinds.Snapshot, payload);

    public void Delta<T>(string topic, T payload) => Send(topic, LiveKinds.Delta, payload);

    public void Lose(TimeSpan nextRetry) =>
        Set(new FeedStatus(FeedState.Reconnecting, time.GetUtcNow(), time.GetUtcNow() + nextRetry, "gone"));

    public void Reconnect() => Set(new FeedStatus(FeedState.Connected, time.GetUtcNow()));

    public void Send<T>(string topic, string kind, T payload) => _messages.Writer.TryWrite(
        new LiveMessage(topic, ++_version, kind, time.GetUtcNow(), JsonSerializer.SerializeToElement(payload, ContractJson.Options)));

    private void Set(FeedStatus status)
    {
        Status = status;
        StatusChanged?.Invoke(status);
    }
}
