using Microsoft.AspNetCore.Components;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Live;
using Quorate.Contracts.Queues;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Live;
using Quorate.Dashboard.Model;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>Every queue: how deep, how fast, how old, and whether somebody must look.</summary>
public partial class QueuesPage(QuorateClient client, NavigationManager navigation, Ticker ticker, Curl curl)
{
    private const int SeededQueues = 1000;

    private readonly QueueTrails _trails = new();
    private readonly PagedRows<QueueView> _more = new(view => view.Name);
    private IReadOnlyList<QueueRow> _rows = [];
    private bool _creating;

    [SupplyParameterFromQuery(Name = "filter")]
    private string? Filter { get; set; }

    [SupplyParameterFromQuery(Name = "sort")]
    private string? Sort { get; set; }

    [SupplyParameterFromQuery(Name = "attention")]
    private bool Attention { get; set; }

    protected override IReadOnlyCollection<string> Follows { get; } = [Topics.Queues];

    private string Example => curl.Write("PUT", Routes.Queue("orders/new"), """{"maxDeliveries":5}""");

    protected override async Task OnInitializedAsync()
    {
        ticker.Ticked += OnTicked;
        if (RendererInfo.IsInteractive)
        {
            await SeedAsync();
        }
    }

    protected override void OnParametersSet() => ReadRows();

    protected override Task OnLiveAsync(LiveBatch batch)
    {
        if (batch.Reset.Contains(Topics.Queues))
        {
            _more.Clear();
        }

        foreach (var change in batch.Changes<QueuesPayload>(Topics.Queues))
        {
            _more.Apply(change.Items, change.Removed);
        }

        ReadRows();
        return Task.CompletedTask;
    }

    protected override void Disposing() => ticker.Ticked -= OnTicked;

    private async Task SeedAsync()
    {
        try
        {
            _trails.Seed((await client.ListQueuesAsync(limit: SeededQueues)).Items, ticker.Now);
            ReadRows();
        }
        catch (Exception exception) when (Failures.IsExpected(exception))
        {
            // The table is live without it; only the minute before is missing.
        }
    }

    private void OnTicked() => _ = InvokeAsync(() =>
    {
        if (Live.IsLive)
        {
            _trails.Look(_more.With(Store.Queues), ticker.Now);
            ReadRows();
            StateHasChanged();
        }
    });

    private void ReadRows() => _rows =
    [
        .. _more.With(Store.Queues)
            .Where(view => QueueRow.Matches(view, Filter))
            .Select(view => QueueRow.Of(view, _trails[view.Name], ticker.Now))
            .Where(row => !Attention || row.Severity == Severity.Warning),
    ];

    private Series Line(QueueRow row) => new(Text["Queue.Ready"], "ready", "", value => Format.Number(value), row.Depths);

    private string MoodWord(QueueRow row) => row.Dead > 0 && row.Mood is not (QueueMood.Stuck or QueueMood.Full)
        ? Text["Queue.HasDead"]
        : Text[$"Queue.Mood.{row.Mood}"];

    private static string MoodIcon(QueueRow row) => row.Mood switch
    {
        QueueMood.Growing when row.Dead == 0 => "up",
        QueueMood.Stuck => "waiting",
        _ => row.Severity.IconName(),
    };

    private void Open(string name) => navigation.NavigateTo(Addresses.Queue(name));

    private void ClearFilter() => Navigate(null, Sort, false);

    private void Go(string? filter = null, string? sort = null, bool? attention = null) =>
        Navigate(filter ?? Filter, sort ?? Sort, attention ?? Attention);

    private void Navigate(string? filter, string? sort, bool attention) => navigation.NavigateTo(
        Addresses.With(Addresses.Queues, ("filter", filter), ("attention", attention ? "true" : null), ("sort", sort)), replace: true);
}
