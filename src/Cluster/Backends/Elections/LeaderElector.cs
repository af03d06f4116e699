using Quorate.Client;
using Quorate.Contracts.State;

namespace Quorate.Backends.Elections;

/// <summary>Sees to it that one process at a time leads: whoever has the lock. It tries until it leads, and again when it does no longer.</summary>
/// <param name="backend">Belongs to the caller, who disposes of it last.</param>
/// <param name="name">Of the lock.</param>
/// <param name="clock">Null: the one that goes on while the machine sleeps.</param>
public sealed class LeaderElector(ISyncBackend backend, string name, LeaderElectorOptions? options = null, TimeProvider? clock = null) : IAsyncDisposable
{
    private readonly LeaderElectorOptions _options = options ?? new LeaderElectorOptions();
    private readonly TimeProvider _clock = clock ?? BootClock.Instance;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private TaskCompletionSource<Leadership> _leading = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _standing = Task.CompletedTask;

    /// <summary>It began or ceased to lead. Called on any thread; for what must not happen twice, <see cref="Lease.ThrowIfLost"/> counts.</summary>
    public event Action<bool>? Changed;

    /// <summary>Whether this process certainly leads, by the clock at this moment.</summary>
    public bool IsLeader => Current is not null;

    /// <summary>Null while somebody else leads, or nobody.</summary>
    public Leadership? Current
    {
        get
        {
            Task<Leadership> leading;
            lock (_gate)
            {
                leading = _leading.Task;
            }

            return leading is { IsCompletedSuccessfully: true, Result: { IsHeld: true } held } ? held : null;
        }
    }

    /// <summary>Begins to stand. Does not wait for the backend.</summary>
    public void Start()
    {
        _options.Timing.Validate();
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
            if (_standing.IsCompleted)
            {
                _standing = Task.Run(StandAsync, CancellationToken.None);
            }
        }
    }

    /// <summary>Waits until this process leads.</summary>
    /// <exception cref="OperationCanceledException">Cancelled, or the elector was disposed.</exception>
    public async Task<Leadership> WaitAsync(CancellationToken cancellation = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _stop.Token);
        while (true)
        {
            Task<Leadership> leading;
            lock (_gate)
            {
                leading = _leading.Task;
            }

            var held = await leading.WaitAsync(either.Token);
            if (held.IsHeld)
            {
                return held;
            }

            await Task.Delay(RetryPause, _clock, either.Token);
        }
    }

    /// <summary>Stands no longer, and gives leadership back if it has it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _standing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private TimeSpan RetryPause => _options.RetryInterval ?? _options.Ttl / 5;

    private async Task StandAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            if (await TryAsync() is { } leadership)
            {
                await using (leadership)
                {
                    await LeadAsync(leadership);
                }
            }

            // Not all at the same moment.
            await Task.Delay(RetryPause * (0.5 + Random.Shared.NextDouble()), _clock, _stop.Token);
        }
    }

    private async Task<Leadership?> TryAsync()
    {
        var sentAt = _clock.GetTimestamp();
        try
        {
            var owner = _options.Owner ?? $"{Environment.MachineName}/{Environment.ProcessId}";
            if (await backend.TryAcquireLockAsync(name, owner, _options.Ttl, _stop.Token) is not { } held)
            {
                return null;
            }

            var leadership = new Leadership(backend, held, _options, _clock, sentAt);
            try
            {
                await leadership.BeginAsync(_stop.Token);
                return leadership;
            }
            catch
            {
                await leadership.DisposeAsync();
                throw;
            }
        }
        catch (Exception error) when (error is SyncBackendException or LockLostException)
        {
            return null;
        }
    }

    private async Task LeadAsync(Leadership leadership)
    {
        lock (_gate)
        {
            _leading.SetResult(leadership);
        }

        Changed?.Invoke(true);
        using var until = CancellationTokenSource.CreateLinkedTokenSource(leadership.LostToken, _stop.Token);
        await Task.Delay(Timeout.InfiniteTimeSpan, until.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            _leading = new TaskCompletionSource<Leadership>(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        Changed?.Invoke(false);
    }
}
