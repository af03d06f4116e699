using Quorate.Contracts.Live;
using Quorate.Dashboard.Components.Controls;
using Quorate.Dashboard.Live;
using Quorate.Dashboard.Model;

namespace Quorate.Dashboard.Components.Pages;

/// <summary>The same charts for every node, side by side over one time axis and one scale each, with the changes of leader across all.</summary>
public partial class NodeCharts
{
    /// <summary>One drawn point stands for this much time.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    private IReadOnlyList<NodeColumn> _nodes = [];
    private IReadOnlyList<ChartMark> _elections = [];
    private Dictionary<string, double> _tops = [];

    protected override IReadOnlyCollection<string> Follows { get; } = [Topics.Metrics, Topics.Leaders, Topics.Topology];

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

    private string? RoleOf(string node) => Store.Topology?.Nodes.FirstOrDefault(view => view.Id == node)?.Role;

    private void ReadCharts()
    {
        _elections = [.. Store.Terms.Select(term => new ChartMark(term.From, Text["Overview.ElectionMark", term.Leader, term.Term]))];
        _nodes = [.. NodeFigures.Of(Store.Samples, Step).Select(figures => new NodeColumn(figures.Node, [.. Charts(figures)]))];
        _tops = _nodes.SelectMany(node => node.Charts).GroupBy(chart => chart.Id)
            .ToDictionary(charts => charts.Key, charts => charts.Max(chart => chart.Top));
    }

    private IEnumerable<NodeChart> Charts(NodeFigures figures)
    {
        yield return new NodeChart("index",
        [
            new Series(Text["Charts.Committed"], "commitIndex", "", Format.PerSecond, figures.CommitRate),
            new Series(Text["Charts.Applied"], "appliedIndex", "second", Format.PerSecond, figures.ApplyRate),
        ]);
        yield return new NodeChart("fsync",
        [
            new Series(Text["Overview.P99"], "fsyncP99Ms", "", Format.Milliseconds, figures.FsyncP99),
            new Series(Text["Overview.P50"], "fsyncP50Ms", "second", Format.Milliseconds, figures.FsyncP50),
        ]);
        yield return new NodeChart("append",
        [
            new Series(Text["Charts.RoundTrip"], "appendRoundTripMs", "", Format.Milliseconds, figures.RoundTrip),
        ]);
        yield return new NodeChart("queues",
        [
            new Series(Text["Charts.Inbox"], "inboxLength", "", Count, figures.Inbox),
            new Series(Text["Charts.SaveQueue"], "saveQueueLength", "second", Count, figures.SaveQueue),
            new Series(Text["Charts.ApplyQueue"], "applyQueueLength", "third", Count, figures.ApplyQueue),
        ]);
    }

    private static string Count(double? value) => Format.Number(value);

    private sealed record NodeColumn(string Node, IReadOnlyList<NodeChart> Charts);

    /// <param name="Id">Part of the resource key of its title, and of its test id.</param>
    private sealed record NodeChart(string Id, IReadOnlyList<Series> Lines)
    {
        public double Top => Lines.SelectMany(line => line.Samples).Max(sample => sample.Value) ?? 0;
    }
}
