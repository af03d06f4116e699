using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.Locks;
using Quorate.Dashboard.Model;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Model;

public class PagedRowsTests
{
    private readonly PagedRows<LockView> _rows = new(view => view.Name);

    [Fact]
    public void Append_LastPage_IsComplete()
    {
        Read("next", "a", "b");
        Assert.Equal(("next", false), (_rows.NextCursor, _rows.Complete));

        Read(null, "c");
        Assert.True(_rows.Complete);
        Assert.Equal(["a", "b", "c"], _rows.Rows.Keys.Order());
    }

    [Fact]
    public void Apply_Release_RemovesTheLock()
    {
        Read(null, "a", "b");
        _rows.Apply([], ["a"]);

        Assert.Equal(["b"], _rows.Rows.Keys);
    }

    [Fact]
    public void Append_LockReleasedWhileThePageWasOnItsWay_StaysAway()
    {
        _rows.Begin();
        _rows.Apply([], ["a"]);
        _rows.Append(Page(null, "a", "b"));

        Assert.Equal(["b"], _rows.Rows.Keys);
    }

    [Fact]
    public void Append_LockTakenWhileThePageWasOnItsWay_KeepsTheNewHolder()
    {
        _rows.Begin();
        _rows.Apply([Examples.Lock("a", "newer")], []);
        _rows.Append(Page(null, "a"));

        Assert.Equal("newer", _rows.Rows["a"].Holders[0].Owner);
    }

    [Fact]
    public void With_RowsOfBothKinds_PrefersTheLiveOnesInOrder()
    {
        Read(null, "a", "c");
        var live = ImmutableSortedDictionary<string, LockView>.Empty
            .Add("a", Examples.Lock("a", "live")).Add("b", Examples.Lock("b"));

        Assert.Equal(["a", "b", "c"], _rows.With(live).Select(view => view.Name));
        Assert.Equal("live", _rows.With(live).First().Holders[0].Owner);
        Assert.Equal(3, _rows.Count(live));
    }

    [Fact]
    public void Clear_AfterAllPages_ReadsFromTheBeginning()
    {
        Read(null, "a");
        _rows.Clear();

        Assert.Equal((null, false, 0), (_rows.NextCursor, _rows.Complete, _rows.Rows.Count));
    }

    private void Read(string? next, params string[] names)
    {
        _rows.Begin();
        _rows.Append(Page(next, names));
    }

    private static Page<LockView> Page(string? next, params string[] names) => new([.. names.Select(name => Examples.Lock(name))], next);
}
