using Microsoft.AspNetCore.Components;
using Quorate.Client;
using Quorate.Contracts;
using Quorate.Contracts.Live;
using Quorate.Contracts.Replication;
using Quorate.Dashboard.Components.Controls;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Live;
using Quorate.Dashboard.Model;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>How far each follower is behind the log of changes, now and over the last minutes; and how regions follow each other.</summary>
public partial class ReplicationPage(QuorateClient client, NavigationManager navigation, Curl curl)
{
    private const string SortField = "sort";
    private const string FollowersView = "followers";
    private const string RegionsView = "regions";

    /// <summary>How long the button waits for followers to catch up.</summary>
    private const long TriggerWaitMs = 5000;

    private const double LongLagSeconds = 5;

    private IReadOnlyList<FollowerCharts> _charts = [];
    private double _topOperations;
    private double _topSeconds;
    private FollowerView? _removing;
    private TriggerSyncResponse? _answer;
    private string? _failure;
    private bool _working;

    [SupplyParameterFromQuery(Name = SortField)]
    private string? Sort { get; set; }

    [SupplyParameterFromQuery(Name = "view")]
    private string? View { get; set; }

    [SupplyParameterFromQuery(Name = "region")]
    private string? Region { get; set; }

    [SupplyParameterFromQuery(Name = "state")]
    private string? State { get; set; }

    protected override IReadOnlyCollection<string> Follows { get; } = [Topics.Lag];

    private bool ShowsRegions => View == RegionsView;

    private IEnumerable<Choice> Views =>
    [
        new(FollowersView, Text["Replication.Followers"], Addresses.Replication),
        new(RegionsView, Text["Regions.Title"], Addresses.Regions()),
    ];

    private IReadOnlyList<FollowerView> Followers => Store.Sync?.Followers ?? [];

    private string Example => $"dotnet run --project src/Gateway -- --follow {curl.Address("/").AbsoluteUri.TrimEnd('/')} --follower f1 --data ./follower --urls http://127.0.0.1:5090";

    protected override void OnInitialized()
    {
        base.OnInitialized();
        ReadCharts();
    }

    protected override Task OnLiveAsync(LiveBatch batch)
    {
        ReadCharts();
        return Task.CompletedTask;
    }

    private void ReadCharts()
    {
        var figures = FollowerFigures.Of(Store.SyncSamples).Where(each => Followers.Any(follower => follower.Id == each.Id)).ToList();
        _topOperations = figures.SelectMany(each => each.LagOperations).Max(sample => sample.Value) ?? 0;
        _topSeconds = figures.SelectMany(each => each.LagSeconds).Max(sample => sample.Value) ?? 0;
        _charts = [.. figures.Select(each => new FollowerCharts(
            each.Id,
            [
                new Series(Text["Replication.Log"], "lastSequence", "second", Count, each.Log),
                new Series(Text["Replication.Follower"], "sequence", "", Count, each.Sequence),
            ],
            [new Series(Text["Follower.Lag"], "lagOperations", "", Count, each.LagOperations)],
            [new Series(Text["Follower.LagTime"], "lagSeconds", "", Format.Seconds, each.LagSeconds)]))];
    }

    private static string Count(double? value) => Format.Number((long?)value);

    /// <summary>Every change makes a follower catch up for a moment; only one that does not get there is worth a look.</summary>
    private static string ToneOf(FollowerView follower) => follower.State switch
    {
        FollowerStates.InSync => "healthy",
        FollowerStates.Disconnected => "critical",
        FollowerStates.CatchingUp when follower.LagSeconds < LongLagSeconds => "info",
        _ => "warning",
    };

    private static string IconOf(string state) => state switch
    {
        FollowerStates.InSync => "check",
        FollowerStates.Disconnected => "offline",
        FollowerStates.NeedsSnapshot => "download",
        _ => "waiting",
    };

    private async Task TriggerAsync()
    {
        (_working, _failure, _answer) = (true, null, null);
        try
        {
            _answer = await client.TriggerSyncAsync(new TriggerSyncRequest(WaitMs: TriggerWaitMs));
        }
        catch (Exception exception) when (Failures.IsExpected(exception))
        {
            _failure = Failures.Describe(exception, Text);
        }
        finally
        {
            _working = false;
        }
    }

    private async Task RemoveAsync(string? reason)
    {
        await client.RemoveFollowerAsync(_removing!.Id, reason);
        _removing = null;
        StateHasChanged();
    }

    private sealed record FollowerCharts(string Id, IReadOnlyList<Series> Sequences, IReadOnlyList<Series> Operations, IReadOnlyList<Series> Seconds);
}
