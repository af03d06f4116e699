using System.Runtime.CompilerServices;
using System.Text.Json;
using Quorate.Contracts;
using Quorate.Contracts.State;

namespace Quorate.Backends.State;

/// <summary>A value that follows what processes share under a topic.</summary>
/// <remarks>
/// <see cref="Current"/> never waits and may be behind: by the time of a message as a rule, and by at most a refresh where messages are lost.
/// While the backend is away it stays what it was; <see cref="ConfirmedAt"/> says how old it may be.
/// </remarks>
public sealed partial class DistributedSync<T> : IAsyncDisposable
{
    private readonly ISyncBackend _backend;
    private readonly string _key;
    private readonly SyncOptions _options;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private Moment _now = new(null, 0);
    private long _seen;
    private long _confirmedAt;
    private ISyncSubscription? _subscription;
    private Task _following = Task.CompletedTask;

    internal DistributedSync(ISyncBackend backend, string key, SyncOptions options, TimeProvider time) =>
        (_backend, _key, _options, _time) = (backend, key, options, time);

    /// <summary>The value; default where nothing was ever written.</summary>
    public T? Current => State is { } state ? state.Value : default;

    /// <summary>The value with its version; null where nothing was ever written.</summary>
    public SyncState<T>? State => Volatile.Read(ref _now).State;

    /// <summary>When the backend last said what the value is.</summary>
    public DateTimeOffset ConfirmedAt => new(Volatile.Read(ref _confirmedAt), TimeSpan.Zero);

    /// <summary>Waits until the value is another than the one that this answered last, or than the first. Changes in quick succession are one.</summary>
    /// <remarks>For one reader; several use <see cref="ChangesAsync"/>.</remarks>
    public async Task<SyncState<T>?> ChangedAsync(CancellationToken cancellation = default)
    {
        var now = await AfterAsync(_seen, cancellation);
        _seen = now.Number;
        return now.State;
    }

    /// <summary>The value as it is, and then each time that it changed. Changes in quick succession are one.</summary>
    public async IAsyncEnumerable<SyncState<T>?> ChangesAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var now = Volatile.Read(ref _now);
        while (true)
        {
            yield return now.State;
            now = await AfterAsync(now.Number, cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_subscription is not null)
        {
            await _subscription.DisposeAsync();
        }

        // Whoever waits for a change is told that there will be none.
        Volatile.Read(ref _now).Next.TrySetCanceled();
    }

    private async Task<Moment> AfterAsync(long number, CancellationToken cancellation)
    {
        var now = Volatile.Read(ref _now);
        while (now.Number <= number)
        {
            await now.Next.Task.WaitAsync(cancellation);
            now = Volatile.Read(ref _now);
        }

        return now;
    }

    /// <summary>A message counts when it is newer: messages of two writers may cross.</summary>
    private void Hear(SyncMessage message)
    {
        lock (_gate)
        {
            Interlocked.Exchange(ref _confirmedAt, _time.GetUtcNow().Ticks);
            if (message.Version > (_now.State?.Version ?? 0))
            {
                Become(new SyncState<T>(message.Value.Deserialize<T>(ContractJson.Options)!, message.Version));
            }
        }
    }

    /// <summary>
    /// What was read is the truth, older versions and nothing at all included (a backend may lose its memory), unless something was heard
    /// while the answer was on its way.
    /// </summary>
    private async Task RefreshAsync(CancellationToken cancellation)
    {
        var asked = Volatile.Read(ref _now);
        var found = SyncService.Read<T>(await _backend.GetAsync(_key, cancellation));
        lock (_gate)
        {
            Interlocked.Exchange(ref _confirmedAt, _time.GetUtcNow().Ticks);
            if (found?.Version != _now.State?.Version && (ReferenceEquals(asked, _now) || found?.Version > _now.State?.Version))
            {
                Become(found);
            }
        }
    }

    private void Become(SyncState<T>? state)
    {
        var before = _now;
        Volatile.Write(ref _now, new Moment(state, before.Number + 1));
        before.Next.TrySetResult();
    }

    /// <summary>What the value was from one change to the next.</summary>
    private sealed record Moment(SyncState<T>? State, long Number)
    {
        public TaskCompletionSource Next { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
