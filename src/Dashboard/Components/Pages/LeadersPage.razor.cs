using Microsoft.AspNetCore.Components;
using Quorate.Contracts.Cluster;
using Quorate.Contracts.Live;
using Quorate.Dashboard.Components.Controls;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Live;
using Quorate.Dashboard.Model;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>Who led when, why that changed, how long nobody did, and what each node believes now.</summary>
public partial class LeadersPage(NavigationManager navigation, Clock clock, Curl curl)
{
    [SupplyParameterFromQuery(Name = "term")]
    private long? Term { get; set; }

    [SupplyParameterFromQuery(Name = "range")]
    private string? RangeId { get; set; }

    [SupplyParameterFromQuery(Name = "sort")]
    private string? Sort { get; set; }

    protected override IReadOnlyCollection<string> Follows { get; } = [Topics.Leaders, Topics.Topology];

    private Clock Clock => clock;

    private Curl Curl => curl;

    private TimeRange Range => TimeRange.Parse(RangeId);

    private DateTimeOffset? LeaderlessSince => Store.LeaderlessSince;

    private LeaderTerm? Chosen => Store.Terms.FirstOrDefault(term => term.Term == Term);

    private IEnumerable<Choice> Ranges =>
        TimeRange.All.Select(range => new Choice(range.Id, Text[$"Range.{range.Id}"], Address(Term, Sort, range)));

    private TermTimeline Timeline => TermTimeline.Of(
        Store.Terms, Store.Topology?.Nodes.Select(node => node.Id) ?? [], LeaderlessSince, clock.Now, Range.Length);

    /// <summary>Answers at a glance when the leader changed last, why, and how long there was none.</summary>
    private string SummaryWords
    {
        get
        {
            if (Store.Terms.IsEmpty)
            {
                return "";
            }

            var last = Store.Terms[0];
            var words = Text["Leaders.LastChange", clock.Second(last.From), last.Leader, Text.Word("Cause", last.Cause)];
            return last.LeaderlessMs is { } gap ? Text["Leaders.LastGap", words, Format.Milliseconds(gap)] : words;
        }
    }

    private long DurationMs(LeaderTerm term) => (long)((term.To ?? clock.Now) - term.From).TotalMilliseconds;

    private void Select(long term) => Go(term == Term ? null : term, Sort);

    private void Go(long? term, string? sort) => navigation.NavigateTo(Address(term, sort, Range));

    private static string Address(long? term, string? sort, TimeRange range) => Addresses.With(
        Addresses.Leaders, ("range", range == TimeRange.Default ? null : range.Id), ("sort", sort), ("term", term?.ToString()));
}
