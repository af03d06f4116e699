using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Live;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Client;

/// <summary>The live feed over a real WebSocket to a real hub.</summary>
public sealed class LiveFeedTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HubScript _script = new();
    private readonly CancellationTokenSource _stop = new(Patience);
    private WebApplication _app = default!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(_script);
        builder.Services.AddSignalR().AddJsonProtocol(options => ContractJson.Configure(options.PayloadSerializerOptions));
        _app = builder.Build();
        _app.MapHub<FakeHub>(Routes.Hub);
        await _app.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _app.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task Subscribe_Connected_YieldsMessagesAndSendsTheToken()
    {
        var feed = Feed();
        _script.Say(1);

        await using var messages = feed.Subscribe([Topics.Kv], null, _stop.Token).GetAsyncEnumerator();

        Assert.True(await messages.MoveNextAsync());
        Assert.Equal((1L, FeedState.Connected), (messages.Current.Version, feed.Status.State));
        Assert.Equal(1, messages.Current.Payload.GetProperty("total").GetInt64());
        Assert.Equal("Bearer secret", _script.Authorization);
        Assert.Null(_script.Subscriptions.Take(_stop.Token));
    }

    [Fact]
    public async Task Subscribe_StreamEnds_ResumesAfterTheLastVersion()
    {
        var feed = Feed();
        var states = new List<FeedState>();
        feed.StatusChanged += status => states.Add(status.State);
        await using var messages = feed.Subscribe([Topics.Kv], null, _stop.Token).GetAsyncEnumerator();
        _script.Say(41);
        await messages.MoveNextAsync();

        _script.End();
        var next = messages.MoveNextAsync();
        _script.Subscriptions.Take(_stop.Token);
        var resumed = _script.Subscriptions.Take(_stop.Token);
        _script.Say(42);

        Assert.True(await next);
        Assert.Equal(42, messages.Current.Version);
        Assert.Equal(41, resumed![Topics.Kv]);
        Assert.Contains(FeedState.Reconnecting, states);
        Assert.Equal(FeedState.Connected, feed.Status.State);
    }

    [Fact]
    public async Task RetryNow_WhileWaiting_TriesAtOnce()
    {
        var up = false;
        var address = new Uri(_app.Urls.First());
        var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var feed = new LiveFeed(new LiveFeedOptions
        {
            GatewayUrl = () => up ? address : throw new InvalidOperationException("The gateway has not started."),
            Delay = new ReconnectDelay { First = TimeSpan.FromHours(1), Longest = TimeSpan.FromHours(1) },
        });
        feed.StatusChanged += status => _ = status.NextRetryAt is not null && waiting.TrySetResult();
        await using var messages = feed.Subscribe([Topics.Kv], null, _stop.Token).GetAsyncEnumerator();
        var first = messages.MoveNextAsync();
        await waiting.Task.WaitAsync(_stop.Token);
        _script.Say(1);

        up = true;
        feed.RetryNow();

        Assert.True(await first);
    }

    [Fact]
    public async Task Subscribe_Cancelled_Ends()
    {
        using var own = new CancellationTokenSource();
        await using var messages = Feed().Subscribe([Topics.Kv], null, own.Token).GetAsyncEnumerator();
        var next = messages.MoveNextAsync();
        _script.Subscriptions.Take(_stop.Token);

        await own.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next.AsTask().WaitAsync(Patience));
    }

    private LiveFeed Feed() => new(new LiveFeedOptions { GatewayUrl = () => new Uri(_app.Urls.First()), AccessToken = () => "secret" });
}
