using Quorate.Contracts.Cluster;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Model;

public class TermTimelineTests
{
    private static readonly DateTimeOffset Now = Examples.Now;

    [Fact]
    public void Of_TwoTerms_AreBarsInTheLanesOfTheirLeaders()
    {
        var timeline = Timeline([Term(3, "n1", from: 40), Term(2, "n2", from: 100, to: 40)]);

        Assert.Equal(["n1", "n2", "n3"], timeline.Lanes.Select(lane => lane.Node));
        Assert.Equal((3L, true), Only(timeline, "n1"));
        Assert.Equal((2L, false), Only(timeline, "n2"));
        Assert.Empty(timeline.Lanes[2].Bars);
    }

    [Fact]
    public void Of_Bars_FillTheirShareOfTheAxis()
    {
        var timeline = Timeline([Term(3, "n1", from: 50), Term(2, "n2", from: 100, to: 50)]);

        var place = timeline.Lanes[1].Bars[0].Place;
        Assert.Equal(0, place.Left, 0.5);
        Assert.Equal(50, place.Width, 0.5);
        Assert.Equal(100, timeline.Lanes[0].Bars[0].Place.Left + timeline.Lanes[0].Bars[0].Place.Width, 0.01);
    }

    [Fact]
    public void Of_LeaderlessTime_IsAGapThatEndsTheTermBefore()
    {
        var timeline = Timeline([Term(3, "n1", from: 50, gapMs: 10_000), Term(2, "n2", from: 100, to: 50)]);

        var gap = Assert.Single(timeline.Gaps);
        Assert.Equal((TimeSpan.FromSeconds(10), 3L), (gap.Duration, gap.EndedBy!.Term));
        var before = timeline.Lanes[1].Bars[0].Place;
        Assert.Equal(before.Left + before.Width, gap.Place.Left, 0.01);
        Assert.Equal(timeline.Lanes[0].Bars[0].Place.Left, gap.Place.Left + gap.Place.Width, 0.01);
    }

    [Fact]
    public void Of_NobodyLeadsNow_ClosesTheLastTermAndOpensAGap()
    {
        var timeline = TermTimeline.Of([Term(2, "n2", from: 100)], ["n1", "n2"], Now.AddSeconds(-20), Now, null);

        var gap = Assert.Single(timeline.Gaps);
        Assert.Null(gap.EndedBy);
        Assert.Equal(TimeSpan.FromSeconds(20), gap.Duration);
        Assert.Equal((2L, false), Only(timeline, "n2"));
    }

    [Fact]
    public void Of_Range_LeavesOutWhatEndedBeforeAndCutsWhatBegan()
    {
        var timeline = TermTimeline.Of(
            [Term(4, "n3", from: 60), Term(3, "n1", from: 400, to: 60), Term(2, "n2", from: 900, to: 400)],
            ["n1", "n2", "n3"], null, Now, TimeSpan.FromMinutes(5));

        Assert.Empty(timeline.Lanes[1].Bars);
        Assert.Equal(0, timeline.Lanes[0].Bars[0].Place.Left);
        Assert.Equal(300, (timeline.To - timeline.From).TotalSeconds);
    }

    [Fact]
    public void Of_LeaderThatLeftTheCluster_KeepsItsLane() =>
        Assert.Contains("n9", Timeline([Term(3, "n1", from: 50), Term(2, "n9", from: 100, to: 50)]).Lanes.Select(lane => lane.Node));

    [Fact]
    public void Of_AMomentLater_DoesNotMoveTheAxis()
    {
        LeaderTerm[] terms = [Term(2, "n2", from: 7200)];
        var before = TermTimeline.Of(terms, [], null, Now, TimeSpan.FromHours(1));
        var after = TermTimeline.Of(terms, [], null, Now.AddSeconds(1), TimeSpan.FromHours(1));

        Assert.Equal(before.To, after.To);
    }

    [Fact]
    public void Of_GapsTooCloseForLabels_LabelsTheLongest()
    {
        var timeline = Timeline(
        [
            Term(4, "n1", from: 48, gapMs: 300), Term(3, "n2", from: 50, to: 48, gapMs: 900), Term(2, "n1", from: 52, to: 50, gapMs: 200), Term(1, "n2", from: 100, to: 52),
        ]);

        // The longest lies between the two others, so that its own label has no room: each of those has one outside.
        Assert.Equal([LabelSide.Left, LabelSide.None, LabelSide.Right], timeline.Gaps.Select(gap => gap.Label));
    }

    [Fact]
    public void Of_NoTerms_HasEmptyLanes() => Assert.All(Timeline([]).Lanes, lane => Assert.Empty(lane.Bars));

    private static TermTimeline Timeline(IReadOnlyList<LeaderTerm> terms) => TermTimeline.Of(terms, ["n1", "n2", "n3"], null, Now, null);

    private static (long Term, bool Open) Only(TermTimeline timeline, string node)
    {
        var bar = Assert.Single(timeline.Lanes.Single(lane => lane.Node == node).Bars);
        return (bar.Term.Term, bar.Open);
    }

    /// <param name="from">Seconds ago.</param>
    private static LeaderTerm Term(long term, string leader, int from, int? to = null, long? gapMs = null) => new(
        leader, term, Now.AddSeconds(-from), to is { } end ? Now.AddSeconds(-end) : null, ElectionCauses.Timeout, [leader], gapMs, term * 100);
}
