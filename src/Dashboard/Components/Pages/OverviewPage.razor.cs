using Quorate.Contracts.Cluster;
using Quorate.Contracts.Live;
using Quorate.Contracts.Metrics;
using Quorate.Dashboard.Components.Controls;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Live;
using Quorate.Dashboard.Model;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>Whether to worry, and what happened lately.</summary>
public partial class OverviewPage(Clock clock)
{
    private const int MaxEvents = 30;

    /// <summary>One drawn point stands for this much time.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(3);

    protected override IReadOnlyCollection<string> Follows { get; } = Topics.All;

    private Clock Clock => clock;

    private Topology? Topology => Store.Topology;

    private QuorumSentence Quorum => QuorumSentence.Of(Topology, Text, clock);

    private long Waiters => Store.Locks.Values.Sum(view => (long)view.Waiters.Count);

    private string ToleranceWords => Topology switch
    {
        { HasQuorum: false } => Text["Overview.WritesStopped"],
        { FaultTolerance: 0 } => Text["Overview.NextFailureStops"],
        _ => Text.Count("Overview.FailuresSurvived", Topology!.FaultTolerance),
    };

    private LeaderTerm? LastElection => Store.Terms.IsEmpty ? null : Store.Terms[0];

    private IReadOnlyList<ChartMark> Elections { get; set; } = [];

    private IReadOnlyList<Series> Throughput { get; set; } = [];

    private IReadOnlyList<Series> Latency { get; set; } = [];

    private Series Keys => Line("Overview.Keys", "", "", Count, sample => sample.Keys);

    private Series Locks => Line("Overview.Locks", "", "", Count, sample => sample.Locks);

    private Series LockWaiters => Line("Overview.Waiters", "", "", Count, sample => sample.LockWaiters);

    protected override void OnInitialized()
    {
        base.OnInitialized();
        ReadCharts();
    }

    protected override Task OnLiveAsync(LiveBatch batch)
    {
        if (batch.Topics.Contains(Topics.Metrics) || batch.Topics.Contains(Topics.Leaders))
        {
            ReadCharts();
        }

        return Task.CompletedTask;
    }

    /// <summary>The charts are the costly part of the page: they get new lines only with new samples.</summary>
    private void ReadCharts()
    {
        Elections = [.. Store.Terms.Select(term => new ChartMark(term.From, Text["Overview.ElectionMark", term.Leader, term.Term]))];
        Throughput =
        [
            Line("Overview.Writes", "writesPerSecond", "", Format.PerSecond, sample => sample.WritesPerSecond),
            Line("Overview.Reads", "readsPerSecond", "second", Format.PerSecond, sample => sample.ReadsPerSecond),
        ];
        Latency =
        [
            Line("Overview.P99", "writeP99Ms", "", Format.Milliseconds, sample => sample.WriteP99Ms),
            Line("Overview.P50", "writeP50Ms", "second", Format.Milliseconds, sample => sample.WriteP50Ms),
        ];
    }

    private static string Count(double? value) => Format.Number(value);

    private string ElectionWords(LeaderTerm election) =>
        election.LeaderlessMs is { } gap
            ? Text["Overview.ElectedAfterGap", Text.Word("Cause", election.Cause), Format.Milliseconds(gap)]
            : Text["Overview.Elected", Text.Word("Cause", election.Cause)];

    private Series Line(string name, string metric, string tone, Func<double?, string> format, Func<MetricsSample, double?> value) =>
        new(Text[name], metric, tone, format, Resampling.Mean([.. Store.Samples.Select(sample => new Sample(sample.At, value(sample)))], Step));
}
