using System.Net;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Quorate.Contracts;
using Quorate.Contracts.Live;

namespace Quorate.Client;

/// <summary>The live hub over one WebSocket at a time, reconnecting for ever.</summary>
public sealed class LiveFeed(LiveFeedOptions options, TimeProvider time) : ILiveFeed
{
    private readonly Lock _gate = new();
    private CancellationTokenSource? _wait;

    public LiveFeed(LiveFeedOptions options)
        : this(options, TimeProvider.System)
    {
    }

    public FeedStatus Status { get; private set; } = new(FeedState.Connecting, time.GetUtcNow());

    public event Action<FeedStatus>? StatusChanged;

    public async IAsyncEnumerable<LiveMessage> Subscribe(
        string[] topics,
        IDictionary<string, long>? resumeFrom = null,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var versions = new Dictionary<string, long>(resumeFrom ?? new Dictionary<string, long>());
        for (var attempt = 0; ; attempt++)
        {
            await using var messages = Stream(topics, versions, cancellation).GetAsyncEnumerator(cancellation);
            while (await TryMoveNextAsync(messages, cancellation))
            {
                attempt = 0;
                versions[messages.Current.Topic] = messages.Current.Version;
                yield return messages.Current;
            }

            await WaitAsync(options.Delay.For(attempt, Random.Shared.NextDouble()), cancellation);
        }
    }

    public void RetryNow()
    {
        lock (_gate)
        {
            _wait?.Cancel();
        }
    }

    private async IAsyncEnumerable<LiveMessage> Stream(
        string[] topics, Dictionary<string, long> versions, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var connection = Build();
        using (var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation))
        {
            limited.CancelAfter(options.ConnectTimeout);
            await connection.StartAsync(limited.Token);
        }

        SetStatus(new FeedStatus(FeedState.Connected, time.GetUtcNow()));
        object?[] arguments = [topics, versions.Count == 0 ? null : versions];
        await foreach (var message in connection.StreamAsyncCore<LiveMessage>("Subscribe", arguments, cancellation))
        {
            yield return message;
        }
    }

    /// <summary>Any failure but the caller's cancellation ends this connection, and the next attempt follows.</summary>
    private async ValueTask<bool> TryMoveNextAsync(IAsyncEnumerator<LiveMessage> messages, CancellationToken cancellation)
    {
        try
        {
            if (await messages.MoveNextAsync())
            {
                return true;
            }

            Lost("The gateway ended the subscription.");
        }
        catch (Exception exception) when (IsConnectionFailure(exception) && !cancellation.IsCancellationRequested)
        {
            Lost(exception.Message);
        }

        return false;
    }

    /// <summary>A payload that does not parse counts too: a newer gateway must not end the feed of an older client.</summary>
    private static bool IsConnectionFailure(Exception exception) =>
        exception is OperationCanceledException or HubException or IOException or InvalidOperationException
            or WebSocketException or HttpRequestException or JsonException or InvalidDataException;

    private void Lost(string error)
    {
        var since = Status.State == FeedState.Reconnecting ? Status.Since : time.GetUtcNow();
        SetStatus(new FeedStatus(FeedState.Reconnecting, since, null, error));
    }

    private async Task WaitAsync(TimeSpan delay, CancellationToken cancellation)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        lock (_gate)
        {
            _wait = wait;
        }

        SetStatus(Status with { NextRetryAt = time.GetUtcNow() + delay });
        try
        {
            await Task.Delay(delay, time, wait.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // RetryNow: go on at once.
        }
        finally
        {
            lock (_gate)
            {
                _wait = null;
            }
        }

        SetStatus(Status with { NextRetryAt = null });
    }

    private void SetStatus(FeedStatus status)
    {
        Status = status;
        StatusChanged?.Invoke(status);
    }

    private HubConnection Build()
    {
        var builder = new HubConnectionBuilder();
        builder.Services.AddSingleton<IConnectionFactory>(new WebSocketConnectionFactory(options.AccessToken()));
        builder.Services.AddSingleton<EndPoint>(
            new UriEndPoint(WebSocketConnectionFactory.HubAddress(options.GatewayUrl(), Routes.Hub)));
        builder.Services.AddSingleton<IHubProtocol>(new JsonHubProtocol(
            Options.Create(new JsonHubProtocolOptions { PayloadSerializerOptions = ContractJson.Options })));
        return builder.Build();
    }
}
