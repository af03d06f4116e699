using System.Text.Json;
using Quorate.Contracts;
using Quorate.Contracts.State;

namespace Quorate.Backends.State;

/// <summary>Two ways by which news come: messages, and reading again from time to time.</summary>
public sealed partial class DistributedSync<T>
{
    /// <summary>Subscribes before it reads, so that no change falls in between.</summary>
    internal async Task StartAsync(CancellationToken cancellation)
    {
        _subscription = await _backend.SubscribeAsync(_key, cancellation);
        await RefreshAsync(cancellation);
        _seen = _now.Number;
        _following = Task.WhenAll(Task.Run(ListenAsync, CancellationToken.None), Task.Run(KeepFreshAsync, CancellationToken.None));
    }

    private async Task ListenAsync()
    {
        await foreach (var message in _subscription!.ReadAllAsync(_stop.Token))
        {
            try
            {
                Hear(message.Deserialize<SyncMessage>(ContractJson.Options)!);
            }
            catch (JsonException)
            {
                // Somebody else's message. What the topic holds is read at the next refresh.
            }
        }
    }

    private async Task KeepFreshAsync()
    {
        while (true)
        {
            await Task.Delay(_options.RefreshInterval, _time, _stop.Token);
            try
            {
                await RefreshAsync(_stop.Token);
            }
            catch (Exception error) when (error is SyncBackendException or JsonException)
            {
                // The value stays what it was; ConfirmedAt does not move.
            }
        }
    }
}
