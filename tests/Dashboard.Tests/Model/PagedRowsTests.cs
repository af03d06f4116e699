using Quorate.Contracts;
using Quorate.Contracts.Live;
using Quorate.Contracts.Locks;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Model;

public class LockBrowserTests
{
    private readonly LockBrowser _browser = new();

    [Fact]
    public void Append_LastPage_IsComplete()
    {
        Read("next", "a", "b");
        Assert.Equal(("next", false), (_browser.NextCursor, _browser.Complete));

        Read(null, "c");
        Assert.True(_browser.Complete);
        Assert.Equal(["a", "b", "c"], _browser.Locks.Keys.Order());
    }

    [Fact]
    public void Apply_Release_RemovesTheLock()
    {
        Read(null, "a", "b");
        _browser.Apply(new LocksPayload([], ["a"], 1));

        Assert.Equal(["b"], _browser.Locks.Keys);
    }

    [Fact]
    public void Append_LockReleasedWhileThePageWasOnItsWay_StaysAway()
    {
        _browser.Begin();
        _browser.Apply(new LocksPayload([], ["a"], 1));
        _browser.Append(Page(null, "a", "b"));

        Assert.Equal(["b"], _browser.Locks.Keys);
    }

    [Fact]
    public void Append_LockTakenWhileThePageWasOnItsWay_KeepsTheNewHolder()
    {
        _browser.Begin();
        _browser.Apply(new LocksPayload([Examples.Lock("a", "newer")], [], 1));
        _browser.Append(Page(null, "a"));

        Assert.Equal("newer", _browser.Locks["a"].Holders[0].Owner);
    }

    private void Read(string? next, params string[] names)
    {
        _browser.Begin();
        _browser.Append(Page(next, names));
    }

    private static Page<LockView> Page(string? next, params string[] names) => new([.. names.Select(name => Examples.Lock(name))], next);
}
