using System.Collections.Immutable;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Live;

namespace Quorate.Dashboard.Live;

/// <summary>One per circuit: follows every topic over one subscription and tells components what changed, coalesced.</summary>
public sealed partial class LiveState : IAsyncDisposable
{
    /// <summary>At most one notification in this time, so that a burst of changes is drawn once.</summary>
    public static readonly TimeSpan Coalescing = TimeSpan.FromMilliseconds(100);

    /// <summary>When it is full the feed waits, and the gateway, seeing a slow subscriber, sends a snapshot later.</summary>
    private const int MaxWaitingMessages = 256;

    private readonly ILiveFeed _feed;
    private readonly TimeProvider _time;
    private readonly ILogger<LiveState> _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<LiveMessage> _messages = Channel.CreateBounded<LiveMessage>(
        new BoundedChannelOptions(MaxWaitingMessages) { SingleReader = true, SingleWriter = true });

    private Task _running = Task.CompletedTask;
    private bool _started;
    private volatile bool _flowing;

    public LiveState(ILiveFeed feed, TimeProvider time, ILogger<LiveState> logger)
    {
        _feed = feed;
        _time = time;
        _logger = logger;
        _feed.StatusChanged += OnStatusChanged;
    }

    public LiveStore Store { get; } = new();

    public FeedStatus Feed => _feed.Status;

    /// <summary>Whether what is shown may be taken for the present state of the cluster.</summary>
    public bool IsLive => Feed.State == FeedState.Connected && _flowing;

    /// <summary>When the last message arrived.</summary>
    public DateTimeOffset? LastMessageAt { get; private set; }

    /// <summary>Raised off the circuit's thread: handlers go through <c>InvokeAsync</c>.</summary>
    public event Action<LiveBatch>? Changed;

    /// <summary>Begins to follow; later calls do nothing. Not called while prerendering, which has no one to notify.</summary>
    public void Start()
    {
        if (!_started)
        {
            _started = true;
            _running = Task.WhenAll(Task.Run(ReceiveAsync), Task.Run(NotifyAsync));
        }
    }

    public Freshness Freshness(string topic) => Live.Freshness.Of(Store.State(topic), Feed, _flowing);

    public void RetryNow() => _feed.RetryNow();

    public async ValueTask DisposeAsync()
    {
        _feed.StatusChanged -= OnStatusChanged;
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task ReceiveAsync()
    {
        await foreach (var message in _feed.Subscribe([.. Topics.All], null, _stop.Token))
        {
            await _messages.Writer.WriteAsync(message, _stop.Token);
        }
    }

    private async Task NotifyAsync()
    {
        while (await _messages.Reader.WaitToReadAsync(_stop.Token))
        {
            var batch = TakeWaiting();
            LastMessageAt = _time.GetUtcNow();
            _flowing = Feed.State == FeedState.Connected;
            Changed?.Invoke(batch);
            await Task.Delay(Coalescing, _time, _stop.Token);
        }
    }

    private LiveBatch TakeWaiting()
    {
        var topics = ImmutableHashSet.CreateBuilder<string>();
        var keyChanges = ImmutableArray.CreateBuilder<KvPayload>();
        var deltas = ImmutableArray.CreateBuilder<LiveMessage>();
        var reset = ImmutableHashSet.CreateBuilder<string>();
        while (_messages.Reader.TryRead(out var message))
        {
            if (!TryApply(message))
            {
                continue;
            }

            topics.Add(message.Topic);
            if (message.Kind != LiveKinds.Delta)
            {
                reset.Add(message.Topic);
            }
            else if (message.Topic == Topics.Kv)
            {
                keyChanges.Add(message.Payload.Deserialize<KvPayload>(ContractJson.Options)!);
            }
            else
            {
                deltas.Add(message);
            }
        }

        return new LiveBatch(topics.ToImmutable(), keyChanges.ToImmutable(), reset.ToImmutable(), deltas.ToImmutable());
    }

    private bool TryApply(LiveMessage message)
    {
        try
        {
            return Store.Apply(message, _time.GetUtcNow());
        }
        catch (JsonException exception)
        {
            LogUnreadable(message.Topic, message.Version, exception);
            return false;
        }
    }

    private void OnStatusChanged(FeedStatus status)
    {
        if (status.State != FeedState.Connected)
        {
            _flowing = false;
        }

        Changed?.Invoke(LiveBatch.ConnectionOnly);
    }

    [LoggerMessage(3001, LogLevel.Warning, "Live topic {Topic}: message {Version} does not parse and is left out; gateway and console may differ in version.")]
    private partial void LogUnreadable(string topic, long version, Exception exception);
}
