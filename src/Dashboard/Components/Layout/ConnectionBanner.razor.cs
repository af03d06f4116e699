using Microsoft.AspNetCore.Components;
using Quorate.Client;
using Quorate.Dashboard.Live;
using Quorate.Dashboard.Model;

namespace Quorate.Dashboard.Components.Layout;

/// <summary>The connection to the gateway is lost: since when, what that means, and when the next attempt comes.</summary>
public partial class ConnectionBanner
{
    private bool _wasLost;

    [Inject]
    private LiveState Live { get; set; } = default!;

    private bool IsLost => Live.Feed.State == FeedState.Reconnecting;

    protected override void OnInitialized()
    {
        base.OnInitialized();
        Live.Changed += OnLiveChanged;
    }

    protected override void Disposing() => Live.Changed -= OnLiveChanged;

    protected override string Say(DateTimeOffset now) =>
        Live.Feed.NextRetryAt is { } next && next > now
            ? Text["Connection.RetryIn", Format.Duration(LiveIndicator.RoundUp(next - now))]
            : Text["Connection.Trying"];

    private void OnLiveChanged(LiveBatch batch)
    {
        if (IsLost != _wasLost)
        {
            _wasLost = IsLost;
            _ = InvokeAsync(StateHasChanged);
        }

        OnTicked();
    }
}
