using Microsoft.AspNetCore.Components;
using Quorate.Contracts.Live;
using Quorate.Contracts.Regions;
using Quorate.Dashboard.Live;
using Quorate.Dashboard.Model;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>How regions follow each other: the graph, each region, each link, what waits, and their clocks.</summary>
public partial class RegionsSection(NavigationManager navigation)
{
    /// <summary>The region whose panel is open.</summary>
    [Parameter, EditorRequired]
    public string? Region { get; set; }

    /// <summary>Which of its waiting changes are listed.</summary>
    [Parameter, EditorRequired]
    public string? State { get; set; }

    [Parameter, EditorRequired]
    public string? Sort { get; set; }

    protected override IReadOnlyCollection<string> Follows { get; } = [Topics.Lag, Topics.Topology];

    private RegionView? Selected => Store.Regions.Find(Region);

    private bool IsStale => Live.Freshness(Topics.Lag).Kind == FreshnessKind.Stale;

    private void Open(string? region) => Navigate(region, null, Sort, replace: false);

    private void Navigate(string? region, string? state, string? sort, bool replace) =>
        navigation.NavigateTo(Addresses.Regions(region, state, sort), replace: replace);
}
