using Quorate.Contracts.Metrics;

namespace Quorate.Dashboard.Model;

/// <summary>The samples of one node, in the order of time; an instant without the node has a gap.</summary>
/// <param name="CommitRate">Entries per second.</param>
/// <param name="ApplyRate">Entries per second.</param>
public sealed record NodeFigures(
    string Node,
    IReadOnlyList<Sample> CommitRate,
    IReadOnlyList<Sample> ApplyRate,
    IReadOnlyList<Sample> FsyncP50,
    IReadOnlyList<Sample> FsyncP99,
    IReadOnlyList<Sample> RoundTrip,
    IReadOnlyList<Sample> Inbox,
    IReadOnlyList<Sample> SaveQueue,
    IReadOnlyList<Sample> ApplyQueue)
{
    /// <summary>One entry per node that any sample has, by id.</summary>
    /// <param name="samples">Oldest first.</param>
    /// <param name="step">One point stands for this much time.</param>
    public static IReadOnlyList<NodeFigures> Of(IReadOnlyList<MetricsSample> samples, TimeSpan step)
    {
        var byNode = samples.Select(sample => sample.Nodes.ToDictionary(node => node.Node)).ToList();
        var nodes = byNode.SelectMany(sample => sample.Keys).Distinct().Order(StringComparer.Ordinal);
        return [.. nodes.Select(node => Of(node, samples, [.. byNode.Select(sample => sample.GetValueOrDefault(node))], step))];
    }

    private static NodeFigures Of(string node, IReadOnlyList<MetricsSample> samples, NodeSample?[] own, TimeSpan step)
    {
        return new NodeFigures(
            node,
            Line(i => Rate(i, sample => sample.CommitIndex)),
            Line(i => Rate(i, sample => sample.AppliedIndex)),
            Line(i => own[i]?.FsyncP50Ms),
            Line(i => own[i]?.FsyncP99Ms),
            Line(i => own[i]?.AppendRoundTripMs),
            Line(i => own[i]?.InboxLength),
            Line(i => own[i]?.SaveQueueLength),
            Line(i => own[i]?.ApplyQueueLength));

        IReadOnlyList<Sample> Line(Func<int, double?> value) =>
            Resampling.Mean([.. samples.Select((sample, i) => new Sample(sample.At, value(i)))], step);

        // An index that went back belongs to a node that started anew: no rate can be told.
        double? Rate(int i, Func<NodeSample, long> index) =>
            i > 0 && own[i] is { } now && own[i - 1] is { } before && index(now) >= index(before)
                ? (index(now) - index(before)) / (samples[i].At - samples[i - 1].At).TotalSeconds
                : null;
    }
}
