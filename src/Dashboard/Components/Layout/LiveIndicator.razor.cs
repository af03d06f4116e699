using Microsoft.AspNetCore.Components;
using Quorate.Client;
using Quorate.Dashboard.Live;
using Quorate.Dashboard.Model;

namespace Quorate.Dashboard.Components.Layout;

/// <summary>Whether the console hears from the gateway.</summary>
public partial class LiveIndicator
{
    [Inject]
    private LiveState Live { get; set; } = default!;

    private string State => Live.Feed.State switch
    {
        FeedState.Connected when Live.IsLive => "connected",
        FeedState.Reconnecting => "reconnecting",
        _ => "connecting",
    };

    private string? Explanation => Live.LastMessageAt is { } at ? Text["Live.LastMessage", Clock.Absolute(at)] : null;

    protected override void OnInitialized()
    {
        base.OnInitialized();
        Live.Changed += OnLiveChanged;
    }

    protected override void Disposing() => Live.Changed -= OnLiveChanged;

    protected override string Say(DateTimeOffset now) => Live.Feed switch
    {
        { State: FeedState.Connected } when Live.IsLive => Text["Live.Connected"],
        { State: FeedState.Reconnecting, NextRetryAt: { } next } when next > now => Text["Live.ReconnectingIn", Format.Duration(RoundUp(next - now))],
        { State: FeedState.Reconnecting } => Text["Live.Reconnecting"],
        _ => Text["Live.Connecting"],
    };

    /// <summary>A countdown ends at one second, not at none.</summary>
    internal static TimeSpan RoundUp(TimeSpan left) => TimeSpan.FromSeconds(Math.Ceiling(left.TotalSeconds));

    private void OnLiveChanged(LiveBatch batch) => OnTicked();
}
