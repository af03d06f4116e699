using Microsoft.AspNetCore.Components;
using Quorate.Client;
using Quorate.Contracts.Live;
using Quorate.Contracts.Regions;
using Quorate.Dashboard.Components.Controls;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Live;
using Quorate.Dashboard.Model;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>Which documents regions disagreed about, and what became of it. Read again when a conflict or the shown region has changed.</summary>
public partial class ConflictsPage(QuorateClient client, NavigationManager navigation, Curl curl)
{
    public const int PageSize = 100;

    private const string ListView = "list";
    private const string BulkView = "bulk";

    private IReadOnlyList<ConflictView> _conflicts = [];
    private string? _next;
    private string? _failure;
    private object? _read;
    private long _stamp;
    private bool _loaded;

    [SupplyParameterFromQuery(Name = "status")]
    private string? Status { get; set; }

    [SupplyParameterFromQuery(Name = "collection")]
    private string? Collection { get; set; }

    [SupplyParameterFromQuery(Name = "strategy")]
    private string? Strategy { get; set; }

    [SupplyParameterFromQuery(Name = "writer")]
    private string? Writer { get; set; }

    [SupplyParameterFromQuery(Name = "prefix")]
    private string? Prefix { get; set; }

    [SupplyParameterFromQuery(Name = "region")]
    private string? Region { get; set; }

    [SupplyParameterFromQuery(Name = "sort")]
    private string? Sort { get; set; }

    [SupplyParameterFromQuery(Name = "view")]
    private string? View { get; set; }

    protected override IReadOnlyCollection<string> Follows { get; } = [Topics.Lag, Topics.Conflicts];

    private ConflictFilter Filter => new(Status, Collection, Strategy, Writer, Prefix);

    private bool ShowsBulk => View == BulkView;

    private IEnumerable<Choice> Views =>
    [
        new(ListView, Text["Conflicts.List"], AddressOf(Filter, Region, Sort, view: null)),
        new(BulkView, Text["Bulk.Title"], AddressOf(Filter, Region, null, view: BulkView)),
    ];

    protected override async Task OnParametersSetAsync()
    {
        if (RendererInfo.IsInteractive && !(Filter, Region).Equals(_read))
        {
            (_loaded, _conflicts, _next) = (false, [], null);
            await ReloadAsync();
        }
    }

    protected override async Task OnLiveAsync(LiveBatch batch)
    {
        var stamp = Shown?.Stamp() ?? 0;
        if ((batch.Topics.Contains(Topics.Conflicts) || stamp != _stamp) && _conflicts.Count <= PageSize)
        {
            _stamp = stamp;
            await ReloadAsync();
        }
    }

    private RegionView? Shown => Store.Regions.Find(Region) ?? Store.Regions?.Regions.FirstOrDefault(region => region.Local);

    private Task ReloadAsync()
    {
        var read = (Filter, Region);
        _read = read;
        return GuardAsync(async () =>
        {
            var page = await Filter.ReadAsync(client.In(Region), PageSize);
            if (read.Equals(_read))
            {
                (_conflicts, _next, _loaded) = (page.Items, page.NextCursor, true);
            }
        });
    }

    private Task MoreAsync() => GuardAsync(async () =>
    {
        var page = await Filter.ReadAsync(client.In(Region), PageSize, _next);
        (_conflicts, _next) = ([.. _conflicts, .. page.Items], page.NextCursor);
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
            _failure = Failures.Describe(exception, Text);
        }
    }

    private void Go(ConflictFilter filter) => navigation.NavigateTo(AddressOf(filter, Region, Sort, View), replace: true);

    private static string AddressOf(ConflictFilter filter, string? region, string? sort = null, string? view = null) => Addresses.With(
        Addresses.Conflicts,
        ("region", region), ("view", view), ("status", filter.Status), ("collection", filter.Collection), ("strategy", filter.Strategy),
        ("writer", filter.Writer), ("prefix", filter.Prefix), ("sort", sort));
}
