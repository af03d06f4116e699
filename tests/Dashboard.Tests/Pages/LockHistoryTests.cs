using Quorate.Contracts.Live;
using Quorate.Contracts.Locks;
using Quorate.Contracts.Problems;
using Quorate.Dashboard.Components.Pages;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Pages;

public class LockHistoryTests : ConsoleContext
{
    private static readonly LockTransitionView Granted = new(11000, Examples.Now.AddSeconds(-90), "worker-1", LockTransitions.Granted, "exclusive", 11000);
    private static readonly LockTransitionView Stale = new(11900, Examples.Now.AddSeconds(-9), null, LockTransitions.StaleToken, "exclusive", 9000);

    [Fact]
    public void Panel_HeldLock_ShowsFenceAndFlightRecorder()
    {
        Answer("a", new LockHistoryView("a", 11000, 11000, Stale, [Stale, Granted]));
        var page = Show("/locks?lock=a", Examples.Lock("a"));

        Eventually(page, () => Assert.Equal(["stale_token", "granted"], All(page, "lock-transition").Select(line => line.GetAttribute("data-what"))));
        Assert.Contains("11000", Find(page, "lock-fence").TextContent);
        Assert.Contains("9000", Find(page, "lock-last-refused").TextContent);
        Assert.Contains("a fenced write", Find(page, "lock-last-refused").TextContent);
    }

    [Fact]
    public void Panel_SomethingHappens_ReadsAgain()
    {
        Answer("a", new LockHistoryView("a", 11000, 11000, null, [Granted]));
        var page = Show("/locks?lock=a", Examples.Lock("a"));
        Eventually(page, () => Assert.Single(All(page, "lock-transition")));
        Assert.Contains("no stale token seen", Find(page, "lock-last-refused").TextContent);

        Answer("a", new LockHistoryView("a", 11000, 11000, Stale, [Stale, Granted]));
        Feed.Delta(Topics.Locks, new LocksPayload([Examples.Lock("a")], [], 1));

        Eventually(page, () => Assert.Equal(2, All(page, "lock-transition").Count));
    }

    [Fact]
    public void Panel_LockGone_StillTellsWhatHappened()
    {
        Answer("gone", new LockHistoryView("gone", null, 11000, null, [Granted with { What = LockTransitions.Released }, Granted]));
        var page = Show("/locks?lock=gone", Examples.Lock("a"));

        Eventually(page, () => Assert.Equal(2, All(page, "lock-transition").Count));
        Assert.Contains("none: nobody holds it", Find(page, "lock-fence").TextContent);
    }

    [Fact]
    public void Panel_LockNeverSeen_HasNoHistoryAndNoError()
    {
        Gateway.Refuse("GET", "/api/v1/locks/gone/history", FakeGateway.Problem(404, ErrorCodes.LockNotFound));
        var page = Show("/locks?lock=gone", Examples.Lock("a"));

        Eventually(page, () => Assert.Single(Gateway.Requests));
        Assert.Empty(All(page, "lock-history"));
        Assert.Empty(All(page, "lock-history-error"));
    }

    [Fact]
    public void Panel_Semaphore_ShowsPermits()
    {
        Answer("pool", new LockHistoryView("pool", 11000, 11000, null, []));
        var holder = Examples.Lock("pool").Holders[0] with { Mode = "semaphore", Permits = 3 };
        var page = Show("/locks?lock=pool", Examples.Lock("pool") with { Mode = "semaphore", Holders = [holder], Permits = 8, Available = 5 });

        Assert.Equal("5 of 8 free", Find(page, "lock-permits").TextContent);
        Assert.Contains("Permits3", Find(page, "lock-holder").TextContent.Replace("\n", "").Replace(" ", ""));
    }

    private void Answer(string name, LockHistoryView history) => Gateway.Answer("GET", $"/api/v1/locks/{name}/history", history);

    private IRenderedComponent<LocksPage> Show(string address, params LockView[] locks)
    {
        var page = Open<LocksPage>(address);
        Feed.Snapshot(Topics.Locks, new LocksPayload(locks, [], locks.Length));
        Find(page, "lock-row");
        return page;
    }
}
