using Microsoft.AspNetCore.Components;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Events;
using Quorate.Dashboard.Components.Controls;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Live;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>What is published on the bus, as it comes; what was; and where rules send it.</summary>
public partial class EventsPage(Func<ILiveFeed> feeds, NavigationManager navigation, Curl curl, Text text) : IAsyncDisposable
{
    private const string Everything = "#";

    /// <summary>Characters of a payload that a row shows.</summary>
    private const int MaxShown = 400;

    private EventTail? _tail;
    private bool _invalid;
    private bool _publishing;
    private long _heard;
    private string _topic = "";

    [SupplyParameterFromQuery(Name = "pattern")]
    private string? Pattern { get; set; }

    [SupplyParameterFromQuery(Name = "view")]
    private string? View { get; set; }

    private Text Text => text;

    private string Current => View is EventViews.Statistics or EventViews.Routing ? View : EventViews.Tail;

    private string TailState => _tail switch
    {
        { IsLive: false } => "stale",
        { Paused: true } => "paused",
        _ => "live",
    };

    private string Example => curl.Write("POST", Routes.EventsOf("order.created"), """{"payload":{"order":7}}""");

    private IEnumerable<Choice> Views =>
    [
        new(EventViews.Tail, text["Events.Tail"], Addresses.EventsView(null, Pattern)),
        new(EventViews.Statistics, text["Events.Statistics"], Addresses.EventsView(EventViews.Statistics, Pattern)),
        new(EventViews.Routing, text["Events.Routing"], Addresses.EventsView(EventViews.Routing, Pattern)),
    ];

    public async ValueTask DisposeAsync()
    {
        if (_tail is not null)
        {
            _tail.Changed -= OnTail;
            await _tail.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    protected override async Task OnParametersSetAsync()
    {
        var pattern = string.IsNullOrWhiteSpace(Pattern) ? Everything : Pattern.Trim();
        _invalid = !IsPattern(pattern);
        if (_invalid || _tail?.Pattern == pattern || !RendererInfo.IsInteractive)
        {
            return;
        }

        if (_tail is { } old)
        {
            _tail = null;
            old.Changed -= OnTail;
            await old.DisposeAsync();
        }

        _tail = new EventTail(feeds(), pattern);
        _tail.Changed += OnTail;
    }

    /// <summary>The gateway refuses what is no pattern; saying so here saves a round of reconnecting.</summary>
    private static bool IsPattern(string text)
    {
        var segments = text.Split('.');
        return segments.Index().All(each => each.Item switch
        {
            "" => false,
            "*" => true,
            "#" or "**" => each.Index == segments.Length - 1,
            var segment => segment.AsSpan().IndexOfAny('*', '#') < 0,
        });
    }

    private void OnTail() => _ = InvokeAsync(() =>
    {
        _heard++;
        StateHasChanged();
    });

    private void TogglePause()
    {
        if (_tail is { Paused: true })
        {
            _tail.Resume();
        }
        else
        {
            _tail?.Pause();
        }
    }

    private void Published(string topic) => (_publishing, _topic) = (false, topic);

    private void Go(string? pattern) => navigation.NavigateTo(Addresses.EventsView(View, pattern?.Trim()), replace: false);

    private static string Short(BusEventView item) =>
        item.Payload.GetRawText() is var json && json.Length > MaxShown ? json[..MaxShown] + "…" : json;
}
