using System.Globalization;
using Microsoft.AspNetCore.Components;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Live;
using Quorate.Contracts.Locks;
using Quorate.Dashboard.Components.Controls;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Live;
using Quorate.Dashboard.Model;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>Who holds what, who waits for it, and since when.</summary>
public partial class LocksPage(QuorateClient client, NavigationManager navigation, Clock clock, Curl curl)
{
    private const string LocksView = "locks";
    private const string WaitsView = "waits";

    private readonly PagedRows<LockView> _more = new(view => view.Name);
    private IReadOnlyList<LockRow> _rows = [];
    private object? _rowsOf;

    [SupplyParameterFromQuery(Name = "lock")]
    private string? Name { get; set; }

    [SupplyParameterFromQuery(Name = "filter")]
    private string? Filter { get; set; }

    [SupplyParameterFromQuery(Name = "sort")]
    private string? Sort { get; set; }

    [SupplyParameterFromQuery(Name = "view")]
    private string? View { get; set; }

    [SupplyParameterFromQuery(Name = "deadlock")]
    private long? Deadlock { get; set; }

    [SupplyParameterFromQuery(Name = "contended")]
    private bool Contended { get; set; }

    protected override IReadOnlyCollection<string> Follows { get; } = [Topics.Locks];

    private bool ShowsWaits => View == WaitsView;

    private IEnumerable<Choice> Views =>
    [
        new(LocksView, Text["Locks.Title"], Addresses.Locks),
        new(WaitsView, Text["Waits.Title"], Addresses.With(Addresses.Locks, ("view", WaitsView))),
    ];

    private bool IsStale => Live.Freshness(Topics.Locks).Kind == FreshnessKind.Stale;

    private bool IsWaiting => Live.Freshness(Topics.Locks).Kind == FreshnessKind.Waiting;

    private SortOrder? Order => SortOrder.Parse(Sort);

    private long? Total => Contended || !string.IsNullOrEmpty(Filter) ? Math.Max(Store.LocksTotal, Store.Locks.Count) : Store.LocksTotal;

    /// <summary>Made anew only when the locks or the filters are others, so that the table sorts no more often than it must.</summary>
    private IReadOnlyList<LockRow> Rows
    {
        get
        {
            var of = (Store.Locks, _more.Rows, Filter, Contended);
            if (!of.Equals(_rowsOf))
            {
                _rowsOf = of;
                _rows = [.. _more.With(Store.Locks)
                    .Where(view => LockRow.Matches(view, Filter) && (!Contended || view.Waiters.Count > 0))
                    .Select(LockRow.Of)];
            }

            return _rows;
        }
    }

    protected override Task OnLiveAsync(LiveBatch batch)
    {
        if (batch.Reset.Contains(Topics.Locks))
        {
            _more.Clear();
        }

        foreach (var change in batch.Changes<LocksPayload>(Topics.Locks))
        {
            _more.Apply(change.Items, change.Removed);
        }

        return Task.CompletedTask;
    }

    private string Example => curl.Write(
        "POST", $"{Routes.Lock("orders/nightly")}/acquire", """{"owner":"me","ttlMs":60000}""");

    private Severity Tone(LockRow row) => row.Severity(clock.Now);

    private string StateWord(LockRow row) =>
        row.Waiters > 0 ? Text["Lock.State.contended"]
        : row.Owner is null ? Text["Lock.State.free"]
        : Text["Lock.State.held"];

    private string StateIcon(LockRow row) => row.Waiters > 0 ? "waiting" : row.Owner is null ? "unknown" : "lock";

    private void Open(string? name) => Navigate(name, Filter, Sort, Contended, replace: false);

    private void ClearFilter() => Navigate(Name, null, Sort, false, replace: true);

    private void Go(string? filter = null, string? sort = null, bool? contended = null) =>
        Navigate(Name, filter ?? Filter, sort ?? Sort, contended ?? Contended, replace: true);

    private void GoWaits(long? deadlock, string? sort) => navigation.NavigateTo(
        Addresses.With(Addresses.Locks, ("view", WaitsView), ("sort", sort), ("deadlock", deadlock?.ToString(CultureInfo.InvariantCulture))));

    private void Navigate(string? name, string? filter, string? sort, bool contended, bool replace) =>
        navigation.NavigateTo(
            Addresses.With(Addresses.Locks, ("filter", filter), ("contended", contended ? "true" : null), ("sort", sort), ("lock", name)),
            replace: replace);
}
