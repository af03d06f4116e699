using Microsoft.AspNetCore.Components;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Elections;
using Quorate.Contracts.Live;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Live;
using Quorate.Dashboard.Model;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>Who leads what among the cluster's clients, who would be next, and how it came about.</summary>
public partial class ElectionsPage(QuorateClient client, NavigationManager navigation, Curl curl)
{
    private readonly PagedRows<ElectionView> _more = new(view => view.Name);
    private IReadOnlyList<ElectionView> _rows = [];
    private object? _rowsOf;

    [SupplyParameterFromQuery(Name = "election")]
    private string? Name { get; set; }

    [SupplyParameterFromQuery(Name = "filter")]
    private string? Filter { get; set; }

    [SupplyParameterFromQuery(Name = "sort")]
    private string? Sort { get; set; }

    protected override IReadOnlyCollection<string> Follows { get; } = [Topics.Elections];

    private bool IsStale => Live.Freshness(Topics.Elections).Kind == FreshnessKind.Stale;

    private bool IsWaiting => Live.Freshness(Topics.Elections).Kind == FreshnessKind.Waiting;

    private string Example => curl.Write(
        "POST", $"{Routes.ElectionOf("reports/nightly")}/campaign", """{"candidate":"worker-1","ttlMs":60000}""");

    /// <summary>Made anew only when the elections or the filter are others, so that the table sorts no more often than it must.</summary>
    private IReadOnlyList<ElectionView> Rows
    {
        get
        {
            var of = (Store.Elections, _more.Rows, Filter);
            if (!of.Equals(_rowsOf))
            {
                _rowsOf = of;
                _rows = [.. _more.With(Store.Elections).Where(Matches)];
            }

            return _rows;
        }
    }

    protected override Task OnLiveAsync(LiveBatch batch)
    {
        if (batch.Reset.Contains(Topics.Elections))
        {
            _more.Clear();
        }

        foreach (var change in batch.Changes<ElectionsPayload>(Topics.Elections))
        {
            _more.Apply(change.Items, change.Removed);
        }

        return Task.CompletedTask;
    }

    private bool Matches(ElectionView election) =>
        string.IsNullOrEmpty(Filter)
        || Contains(election.Name)
        || (election.Leader is { } leader && Contains(leader.Candidate))
        || election.Waiting.Any(waiting => Contains(waiting.Candidate));

    private bool Contains(string text) => text.Contains(Filter!, StringComparison.OrdinalIgnoreCase);

    private void Open(string? name) => Navigate(name, Filter, Sort, replace: false);

    private void Go(string? filter = null, string? sort = null) => Navigate(Name, filter ?? Filter, sort ?? Sort, replace: true);

    private void Navigate(string? name, string? filter, string? sort, bool replace) =>
        navigation.NavigateTo(Addresses.With(Addresses.Elections, ("filter", filter), ("sort", sort), ("election", name)), replace: replace);
}
