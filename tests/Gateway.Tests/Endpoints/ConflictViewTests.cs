using System.Text;
using Quorate.Core.Clocks;
using Quorate.Core.Replication.Regions;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Documents;
using Quorate.Gateway.Endpoints;

namespace Quorate.Gateway.Tests.Endpoints;

/// <summary>Which of two versions that one region wrote is called the winner.</summary>
public sealed class ConflictViewTests
{
    private static readonly DocumentVersion Older = Version("1-older", "\"older\"", 2, at: 1);
    private static readonly DocumentVersion Newer = Version("1-newer", "\"newer\"", 3, at: 2);

    [Fact]
    public void Winner_WhileBothStand_IsTheLatest()
    {
        var view = ConflictViews.Of(new ClusterState(), Conflict(VersionSet.Of([Older, Newer])));

        Assert.Equal(["eu"], view.Regions);
        Assert.Equal("eu", view.Winner);
        Assert.Equal("1-newer", Assert.Single(view.Versions, version => version.IsWinner).Rev);
    }

    [Theory]
    [InlineData("older", "1-older")]
    [InlineData("newer", "1-newer")]
    public void Winner_OnceSettled_IsTheOneThatWasTaken(string taken, string rev)
    {
        var result = Version("2-result", $"\"{taken}\"", 4, at: 3);
        var settlement = new Settlement("c1", ConflictStrategy.LastWriterWins, SettlementKind.Undone, [Older, Newer], "eu", Reason: null);

        var view = ConflictViews.Of(new ClusterState(), Conflict(live: null, new SettlementRecord(settlement, result)));

        Assert.Equal("eu", view.Winner);
        Assert.Equal(rev, Assert.Single(view.Versions, version => version.IsWinner).Rev);
    }

    private static Conflict Conflict(VersionSet? live, params SettlementRecord[] settlements) =>
        new("c1", "customers", "alice", ConflictStrategy.LastWriterWins, live, settlements);

    private static DocumentVersion Version(string rev, string json, long number, long at)
    {
        // The older one has seen a change of another region, which the newer has not.
        var clock = number == 2 ? VectorClock.Of([new("eu", number), new("us", 1)]) : VectorClock.Of([new("eu", number)]);
        return new DocumentVersion("eu", rev, 1, Encoding.UTF8.GetBytes(json), new HlcTimestamp(at), new HlcTimestamp(at), clock);
    }
}
