using Quorate.Contracts.Live;
using Quorate.Contracts.Replication;
using Quorate.Dashboard.Components.Pages;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Pages;

public class ReplicationPageTests : ConsoleContext
{
    [Fact]
    public void Page_FollowerFallsBehind_ShowsItWithoutReload()
    {
        var page = Show(Examples.Follower("f1"), Examples.Follower("f2"));
        Assert.Contains("2 of 2", Find(page, "sync-followers").TextContent);

        Feed.Delta(Topics.Lag, Examples.Lag(Examples.Follower("f1"), Examples.Follower("f2", FollowerStates.CatchingUp, lag: 42)));

        Eventually(page, () => Assert.Contains("42", All(page, "follower-row")[1].TextContent));
        Assert.Contains("catching up", All(page, "follower-row")[1].TextContent);
        Assert.Contains("1 of 2", Find(page, "sync-followers").TextContent);
        Assert.Equal(["f1", "f2"], All(page, "follower-chart").Select(chart => chart.GetAttribute("data-key")));
    }

    [Fact]
    public void Page_NoFollowers_TeachesHowToRunOne()
    {
        var page = Open<ReplicationPage>("/replication");
        Feed.Snapshot(Topics.Lag, Examples.Lag());

        Eventually(page, () => Assert.Contains("--follow http", Find(page, "empty-state").TextContent));
        Assert.True(Find(page, "sync-trigger").HasAttribute("disabled"));
    }

    [Fact]
    public void Trigger_Clicked_SaysHowManyHaveEverything()
    {
        Gateway.Answer("POST", "/_api/cluster/sync/trigger", new TriggerSyncResponse(100, 2, 1));
        var page = Show(Examples.Follower("f1"), Examples.Follower("f2"));

        Press(page, "sync-trigger");

        Eventually(page, () => Assert.Contains("1 of 2 followers have everything up to change 100", Find(page, "sync-answer").TextContent));
    }

    [Fact]
    public void Remove_Confirmed_NamesTheFollower()
    {
        Gateway.Answer("DELETE", "/_api/cluster/sync/followers/f1", new FollowerStanding("f1", 1, 1, 1, false));
        var page = Show(Examples.Follower("f1", FollowerStates.Disconnected, lag: 9));

        Press(page, "follower-remove");
        Assert.Contains("9", Find(page, "confirm-consequences").TextContent);
        Type(page, "confirm-input", "f1");
        Type(page, "confirm-reason", "gone for good");
        Submit(page, "confirm-dialog");

        Eventually(page, () => Assert.Empty(All(page, "confirm-dialog")));
        Assert.Equal("gone for good", Gateway.Requests[^1].Headers["X-Reason"]);
    }

    private IRenderedComponent<ReplicationPage> Show(params FollowerView[] followers)
    {
        var page = Open<ReplicationPage>("/replication");
        Feed.Snapshot(Topics.Lag, Examples.Lag(followers));
        Eventually(page, () => Assert.Equal(followers.Length, All(page, "follower-row").Count));
        return page;
    }
}
