using Microsoft.AspNetCore.Components;
using Quorate.Client;
using Quorate.Contracts.Regions;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>The outbox of one region: what waits, in which state, and why.</summary>
public partial class RegionPanel(QuorateClient client, Curl curl, Text text)
{
    public const int PageSize = 50;

    private SyncQueueView? _queue;
    private IReadOnlyList<SyncQueueItemView> _items = [];
    private string? _next;
    private object? _read;
    private long? _retried;
    private bool _asking;
    private string? _failure;

    [Parameter, EditorRequired]
    public required RegionView Region { get; set; }

    /// <summary>One of <see cref="SyncQueueStates"/>; null: all.</summary>
    [Parameter, EditorRequired]
    public string? State { get; set; }

    [Parameter, EditorRequired]
    public EventCallback<string?> OnState { get; set; }

    [Parameter, EditorRequired]
    public EventCallback OnClose { get; set; }

    private Text Text => text;

    private Curl Curl => curl;

    protected override async Task OnParametersSetAsync()
    {
        var of = (State, Region.QueueSize, Region.QueueBytes, Region.Failures);
        if (Region.Local && RendererInfo.IsInteractive && !of.Equals(_read))
        {
            _read = of;
            await ReadAsync();
        }
    }

    private Task ReadAsync() => GuardAsync(async () =>
    {
        _queue = await client.GetSyncQueueAsync(Region.Id, State, PageSize);
        (_items, _next) = (_queue.Items, _queue.NextCursor);
    });

    private Task MoreAsync() => GuardAsync(async () =>
    {
        var page = await client.GetSyncQueueAsync(Region.Id, State, PageSize, _next);
        (_items, _next) = ([.. _items, .. page.Items], page.NextCursor);
    });

    private async Task GuardAsync(Func<Task> act)
    {
        try
        {
            await act();
            _failure = null;
        }
        catch (Exception exception) when (Failures.IsExpected(exception))
        {
            _failure = Failures.Describe(exception, text);
        }
    }

    private async Task RetryAsync(string? reason)
    {
        _retried = (await client.RetrySyncQueueAsync(Region.Id, reason)).Retried;
        _asking = false;
        await ReadAsync();
        StateHasChanged();
    }

    private static long CountOf(SyncQueueView queue, string state) => state switch
    {
        SyncQueueStates.InFlight => queue.InFlight,
        SyncQueueStates.Retrying => queue.Retrying,
        SyncQueueStates.Parked => queue.Parked,
        _ => queue.Priorities.Sum(priority => priority.Pending),
    };

    private static string Share(long pending, SyncQueueView queue) =>
        ChartScale.Figure(pending / (double)Math.Max(1, queue.Priorities.Max(priority => priority.Pending)) * 100);

    private static string ToneOf(string state) => state switch
    {
        SyncQueueStates.Parked => "critical",
        SyncQueueStates.Retrying => "warning",
        SyncQueueStates.InFlight => "info",
        _ => "unknown",
    };

    private static string IconOf(string state) => state switch
    {
        SyncQueueStates.Parked => "pause",
        SyncQueueStates.Retrying => "retry",
        SyncQueueStates.InFlight => "transfer",
        _ => "waiting",
    };
}
