using System.Collections.Immutable;
using System.Text.Json;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Events;
using Quorate.Contracts.Live;

namespace Quorate.Dashboard.Live;

/// <summary>
/// Follows the events of one pattern over a subscription of its own, newest first. While it is paused what comes is counted and kept
/// aside, so that nothing moves under the reader's eyes.
/// </summary>
public sealed class EventTail : IAsyncDisposable
{
    /// <summary>Events shown, and as many kept aside.</summary>
    public const int MaxEvents = 500;

    private readonly ILiveFeed _feed;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly Task _running;
    private ImmutableList<BusEventView> _aside = [];

    public EventTail(ILiveFeed feed, string pattern)
    {
        _feed = feed;
        Pattern = pattern;
        _feed.StatusChanged += OnStatusChanged;
        _running = Task.Run(FollowAsync);
    }

    public string Pattern { get; }

    /// <summary>Newest first.</summary>
    public ImmutableList<BusEventView> Events { get; private set; } = [];

    /// <summary>Whether the first message has come.</summary>
    public bool Started { get; private set; }

    /// <summary>Whether what happens now would come.</summary>
    public bool IsLive => Started && _feed.Status.State == FeedState.Connected;

    public bool Paused { get; private set; }

    /// <summary>Events that came while paused.</summary>
    public long New { get; private set; }

    /// <summary>Events that were passed over because the console was away too long.</summary>
    public long Missed { get; private set; }

    /// <summary>Raised off the circuit's thread.</summary>
    public event Action? Changed;

    public void Pause()
    {
        lock (_gate)
        {
            Paused = true;
        }
    }

    /// <summary>Shows what came meanwhile.</summary>
    public void Resume()
    {
        lock (_gate)
        {
            (Paused, New) = (false, 0);
            (Events, _aside) = (Newest(_aside, Events), []);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _feed.StatusChanged -= OnStatusChanged;
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private void OnStatusChanged(FeedStatus status) => Changed?.Invoke();

    private async Task FollowAsync()
    {
        await foreach (var message in _feed.Subscribe([Topics.Bus + Pattern], null, _stop.Token))
        {
            Take(message);
            Changed?.Invoke();
        }
    }

    private void Take(LiveMessage message)
    {
        lock (_gate)
        {
            if (message.Kind == LiveKinds.Missed)
            {
                Missed += message.Payload.Deserialize<Missed>(ContractJson.Options)!.Changes;
                return;
            }

            Started = true;
            var come = message.Payload.Deserialize<BusPayload>(ContractJson.Options)!.Events.Reverse().ToImmutableList();
            if (message.Kind == LiveKinds.Snapshot)
            {
                // After a gap the newest are told again: those that are known stay where they are.
                var known = Events.Concat(_aside).Select(item => item.Id).ToHashSet();
                come = come.RemoveAll(item => known.Contains(item.Id));
            }

            if (Paused)
            {
                New += come.Count;
                _aside = Newest(come, _aside);
            }
            else
            {
                Events = Newest(come, Events);
            }
        }
    }

    private static ImmutableList<BusEventView> Newest(ImmutableList<BusEventView> come, ImmutableList<BusEventView> known) =>
        [.. come.Concat(known).Take(MaxEvents)];
}
