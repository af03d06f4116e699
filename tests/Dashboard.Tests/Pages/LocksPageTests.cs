using Quorate.Contracts;
using Quorate.Contracts.Live;
using Quorate.Contracts.Locks;
using Quorate.Contracts.Problems;
using Quorate.Dashboard.Components.Pages;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Pages;

public class LocksPageTests : ConsoleContext
{
    [Fact]
    public void Page_LockTaken_AppearsWithoutReload()
    {
        var page = Show("/locks", Examples.Lock("a"));

        Feed.Delta(Topics.Locks, new LocksPayload([Examples.Lock("b", "worker-2", "worker-3")], [], 2));

        Eventually(page, () => Assert.Equal(["a", "b"], Names(page)));
        var row = All(page, "lock-row")[1].TextContent;
        Assert.Contains("worker-2", row);
        Assert.Contains("contended", row);
        Assert.Contains("11000", row);
    }

    [Fact]
    public void Page_LockReleased_Disappears()
    {
        var page = Show("/locks", Examples.Lock("a"), Examples.Lock("b"));

        Feed.Delta(Topics.Locks, new LocksPayload([], ["a"], 1));

        Eventually(page, () => Assert.Equal(["b"], Names(page)));
    }

    [Fact]
    public void Ttl_TimePasses_CountsDownLocally()
    {
        var page = Show("/locks", Examples.Lock("a"));
        Assert.Equal("30\u202fs", Find(page, "countdown").TextContent);

        Time.Now += TimeSpan.FromSeconds(4);

        Eventually(page, () => Assert.Equal("26\u202fs", Find(page, "countdown").TextContent));
    }

    [Fact]
    public void Page_NoLocks_TeachesTheFirstStep()
    {
        var page = Show("/locks");

        Assert.Contains("curl -X POST 'http://localhost/api/v1/locks/orders%2Fnightly/acquire'", Find(page, "empty-state").TextContent);
    }

    [Fact]
    public void Filter_Typed_StandsInTheUrlAndFindsWaiters()
    {
        var page = Show("/locks", Examples.Lock("a"), Examples.Lock("b", "w1", "worker-77"));

        Type(page, "table-filter", "worker-77");

        Eventually(page, () => Assert.Equal("/locks?filter=worker-77", Address));
        Eventually(page, () => Assert.Equal(["b"], Names(page)));

        Type(page, "table-filter", "nobody");
        Eventually(page, () => Find(page, "clear-filter"));
        Press(page, "clear-filter");
        Eventually(page, () => Assert.Equal(["a", "b"], Names(page)));
    }

    [Fact]
    public void Sort_ByHead_StandsInTheUrl()
    {
        var page = Show("/locks", Examples.Lock("a"), Examples.Lock("b"));

        Press(page, "sort-name");
        Press(page, "sort-name");

        Assert.Equal("/locks?sort=-name", Address);
        Eventually(page, () => Assert.Equal(["b", "a"], Names(page)));
    }

    [Fact]
    public void Address_WithLock_OpensItsPanel()
    {
        var page = Show("/locks?lock=a", Examples.Lock("a", "worker-1", "worker-2", "worker-3"));

        Assert.Contains("worker-1", Find(page, "lock-holder").TextContent);
        Assert.Equal(2, All(page, "lock-waiter").Count);
        Assert.Contains("45\u202fs", All(page, "lock-waiter")[0].TextContent);
    }

    [Fact]
    public void Panel_LockGone_SaysSo()
    {
        var page = Show("/locks?lock=gone", Examples.Lock("a"));

        Assert.Contains("Nobody holds or waits", Find(page, "lock-panel").TextContent);
    }

    [Fact]
    public void ForceRelease_Asked_NamesWhoLosesAndWhoIsNext()
    {
        var page = Show("/locks?lock=a", Examples.Lock("a", "worker-1", "worker-2", "worker-3"));

        Press(page, "lock-force-release");

        var words = Find(page, "confirm-consequences").TextContent;
        Assert.Contains("worker-1 loses the lock", words);
        Assert.Contains("worker-2 gets the lock next; 1 more keep waiting.", words);
    }

    [Fact]
    public void ForceRelease_WrongName_DoesNothing()
    {
        var page = Show("/locks?lock=a", Examples.Lock("a"));
        Press(page, "lock-force-release");

        Type(page, "confirm-input", "b");
        Submit(page, "confirm-dialog");

        Assert.DoesNotContain(Gateway.Requests, request => request.Asked.StartsWith("DELETE", StringComparison.Ordinal));
    }

    [Fact]
    public void ForceRelease_Confirmed_DeletesWithTheReason()
    {
        Gateway.Answer("DELETE", "/api/v1/locks/a%2F1", new ForceReleaseLockResponse("a/1", []));
        var page = Show("/locks?lock=a%2F1", Examples.Lock("a/1"));
        Press(page, "lock-force-release");

        Type(page, "confirm-input", "a/1");
        Type(page, "confirm-reason", "stuck");
        Submit(page, "confirm-dialog");

        Eventually(page, () => Assert.Empty(All(page, "confirm-dialog")));
        var delete = Assert.Single(Gateway.Requests, request => request.Asked.StartsWith("DELETE", StringComparison.Ordinal));
        Assert.Equal("stuck", delete.Headers["X-Reason"]);
    }

    [Fact]
    public void More_LocksBeyondTheSnapshot_AreReadPageByPageAndKeptCurrent()
    {
        Gateway.Answer("GET", "/api/v1/locks?limit=1000", new Page<LockView>([Examples.Lock("a")], "after-a"));
        Gateway.Answer("GET", "/api/v1/locks?limit=1000&cursor=after-a", new Page<LockView>([Examples.Lock("b"), Examples.Lock("c")], null));
        var page = Show("/locks", Examples.Lock("a"));
        Assert.Empty(All(page, "lock-more"));
        Feed.Delta(Topics.Locks, new LocksPayload([], [], 3));

        Press(page, "lock-more");

        Eventually(page, () => Assert.Equal(["a", "b", "c"], Names(page)));
        Assert.Empty(All(page, "lock-more"));
        Feed.Delta(Topics.Locks, new LocksPayload([], ["c"], 2));
        Eventually(page, () => Assert.Equal(["a", "b"], Names(page)));
    }

    [Fact]
    public void More_NotAnswered_SaysWhyAndCanBeTriedAgain()
    {
        Gateway.Refuse("GET", "/api/v1/locks?limit=1000", FakeGateway.Problem(503, ErrorCodes.NoQuorum));
        var page = Show("/locks", Examples.Lock("a"));
        Feed.Delta(Topics.Locks, new LocksPayload([], [], 3));

        Press(page, "lock-more");

        Eventually(page, () => Assert.Contains("no_quorum", Find(page, "lock-more-error").TextContent));
        Assert.False(Find(page, "lock-more").HasAttribute("disabled"));
    }

    private IRenderedComponent<LocksPage> Show(string address, params LockView[] locks)
    {
        var page = Open<LocksPage>(address);
        Feed.Snapshot(Topics.Locks, new LocksPayload(locks, [], locks.Length));
        Find(page, locks.Length == 0 ? "empty-state" : "lock-row");
        return page;
    }

    private static IEnumerable<string?> Names(IRenderedComponent<LocksPage> page) =>
        All(page, "lock-row").Select(row => row.GetAttribute("data-key"));
}
