using Microsoft.AspNetCore.Components;
using Quorate.Client;
using Quorate.Contracts.Live;
using Quorate.Contracts.Regions;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Live;
using Quorate.Dashboard.Model;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>What waits in each region's outbox, by priority. A queue is read again when its size is another, at most once per change of the topic.</summary>
public partial class RegionQueues(QuorateClient client)
{
    /// <summary>In the order in which they are sent.</summary>
    private static readonly string[] Priorities = ["DELETE", "CREATE", "UPDATE", "METADATA"];

    private readonly Dictionary<string, (SyncQueueView? Queue, (long, long, long) Of)> _queues = [];
    private string? _failure;
    private bool _reading;

    [Parameter, EditorRequired]
    public required RegionsView View { get; set; }

    [Parameter]
    public string? Selected { get; set; }

    [Parameter]
    public EventCallback<string> OnSelect { get; set; }

    protected override IReadOnlyCollection<string> Follows { get; } = [Topics.Lag];

    protected override Task OnInitializedAsync() => RendererInfo.IsInteractive ? ReadAsync() : Task.CompletedTask;

    protected override Task OnLiveAsync(LiveBatch batch) => batch.Topics.Contains(Topics.Lag) ? ReadAsync() : Task.CompletedTask;

    private async Task ReadAsync()
    {
        if (_reading)
        {
            return;
        }

        _reading = true;
        try
        {
            foreach (var region in (Store.Regions ?? View).Regions.Where(each => each.Local))
            {
                var of = (region.QueueSize, region.QueueBytes, region.Failures);
                if (!_queues.TryGetValue(region.Id, out var known) || known.Of != of)
                {
                    _queues[region.Id] = (await client.GetSyncQueueAsync(region.Id, limit: 1), of);
                }
            }

            _failure = null;
        }
        catch (Exception exception) when (Failures.IsExpected(exception))
        {
            _failure = Failures.Describe(exception, Text);
        }
        finally
        {
            _reading = false;
        }
    }

    private static string Full(SyncQueueView? queue) =>
        ChartScale.Figure(queue is { MaxSize: > 0 } ? Math.Clamp(queue.Size / (double)queue.MaxSize, 0, 1) * 100 : 0);
}
