using Quorate.Contracts.Cluster;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Model;

public class LeadershipPauseTests
{
    [Fact]
    public void Of_EarlierTransfers_IsTheirMedian()
    {
        LeaderTerm[] terms = [Transfer(10), Transfer(400), Transfer(20), Examples.Term(5)];

        Assert.Equal(new LeadershipPause(20, 3), LeadershipPause.Of(terms, ElectionCauses.Transfer));
    }

    [Fact]
    public void Of_EvenNumber_IsBetweenTheMiddleTwo() =>
        Assert.Equal(15, LeadershipPause.Of([Transfer(10), Transfer(20)], ElectionCauses.Transfer)!.MedianMs);

    [Fact]
    public void Of_NoneSeen_IsNull() => Assert.Null(LeadershipPause.Of([Examples.Term(5)], ElectionCauses.Transfer));

    private static LeaderTerm Transfer(long gapMs) => Examples.Term(5) with { Cause = ElectionCauses.Transfer, LeaderlessMs = gapMs };
}
