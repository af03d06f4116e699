using Quorate.Contracts.Replication;

namespace Quorate.Dashboard.Model;

/// <summary>How far a follower was over time, and the log beside it.</summary>
public sealed record FollowerFigures(
    string Id, IReadOnlyList<Sample> Log, IReadOnlyList<Sample> Sequence, IReadOnlyList<Sample> LagOperations, IReadOnlyList<Sample> LagSeconds)
{
    /// <summary>By id. A sample from before a follower was registered leaves a hole.</summary>
    public static IReadOnlyList<FollowerFigures> Of(IReadOnlyCollection<SyncSample> samples)
    {
        var ids = samples.SelectMany(sample => sample.Followers).Select(follower => follower.Id).Distinct().Order(StringComparer.Ordinal);
        return [.. ids.Select(id => new FollowerFigures(
            id,
            [.. samples.Select(sample => new Sample(sample.At, sample.LastSequence))],
            Line(samples, id, follower => follower.Sequence),
            Line(samples, id, follower => follower.LagOperations),
            Line(samples, id, follower => follower.LagSeconds)))];
    }

    private static List<Sample> Line(IReadOnlyCollection<SyncSample> samples, string id, Func<FollowerSample, double> value) =>
    [
        .. samples.Select(sample => new Sample(
            sample.At, sample.Followers.FirstOrDefault(each => each.Id == id) is { } follower ? value(follower) : null)),
    ];
}
