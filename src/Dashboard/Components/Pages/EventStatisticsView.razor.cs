using Microsoft.AspNetCore.Components;
using Quorate.Client;
using Quorate.Contracts.Events;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Live;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>How much went over the bus; read again, now and then, when something is heard.</summary>
public partial class EventStatisticsView(QuorateClient client, Text text, Ticker ticker) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>A rate falls while nothing is heard: it is read again until it has.</summary>
    private static readonly TimeSpan LongestAge = TimeSpan.FromSeconds(10);

    private EventStatistics? _statistics;
    private DateTimeOffset _readAt = DateTimeOffset.MinValue;
    private SortOrder? _sort = new("published", Descending: true);
    private string? _failure;

    /// <summary>Grows with each message of the tail.</summary>
    [Parameter, EditorRequired]
    public long Heard { get; set; }

    private Text Text => text;

    public void Dispose() => ticker.Ticked -= OnTicked;

    protected override void OnInitialized() => ticker.Ticked += OnTicked;

    protected override Task OnParametersSetAsync() => ticker.Now - _readAt < Interval ? Task.CompletedTask : ReadAsync();

    private void OnTicked() => _ = InvokeAsync(async () =>
    {
        if (ticker.Now - _readAt >= LongestAge && _statistics is not { PerSecond: 0 })
        {
            await ReadAsync();
            StateHasChanged();
        }
    });

    private async Task ReadAsync()
    {
        _readAt = ticker.Now;
        try
        {
            var statistics = await client.GetEventStatisticsAsync();
            (_statistics, _failure) = (statistics, null);
        }
        catch (Exception exception) when (Failures.IsExpected(exception))
        {
            _failure = Failures.Describe(exception, text);
        }
    }
}
