using Microsoft.AspNetCore.Components;
using Quorate.Client;
using Quorate.Contracts.Events;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>How much went over the bus; read again, now and then, when something is heard.</summary>
public partial class EventStatisticsView(QuorateClient client, Text text, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private EventStatistics? _statistics;
    private DateTimeOffset _readAt = DateTimeOffset.MinValue;
    private SortOrder? _sort = new("published", Descending: true);
    private string? _failure;

    /// <summary>Grows with each message of the tail.</summary>
    [Parameter, EditorRequired]
    public long Heard { get; set; }

    private Text Text => text;

    protected override async Task OnParametersSetAsync()
    {
        var now = time.GetUtcNow();
        if (now - _readAt < Interval)
        {
            return;
        }

        _readAt = now;
        try
        {
            _statistics = await client.GetEventStatisticsAsync();
            _failure = null;
        }
        catch (Exception exception) when (Failures.IsExpected(exception))
        {
            _failure = Failures.Describe(exception, text);
        }
    }
}
