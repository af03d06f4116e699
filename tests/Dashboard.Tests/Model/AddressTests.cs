using Quorate.Dashboard.Model;

namespace Quorate.Dashboard.Tests.Model;

public class AddressTests
{
    [Fact]
    public void Lock_AnyName_IsEscaped() => Assert.Equal("/locks?lock=a%2Fb%20%26c", Addresses.Lock("a/b &c"));

    [Fact]
    public void With_NoValues_LeavesThePathAlone() => Assert.Equal("/kv", Addresses.With(Addresses.KeyValue, ("prefix", ""), ("key", null)));

    [Fact]
    public void Next_SameColumn_TurnsTheOrderAround()
    {
        var first = SortOrder.Next(null, "name");

        Assert.Equal("name", first.ToString());
        Assert.Equal("-name", SortOrder.Next(first, "name").ToString());
        Assert.Equal("name", SortOrder.Next(SortOrder.Next(first, "name"), "name").ToString());
        Assert.Equal(new SortOrder("name", true), SortOrder.Parse("-name"));
    }

    [Fact]
    public void Find_Query_PutsThoseThatBeginWithItFirst()
    {
        PaletteEntry[] entries = [new("k", "i", "old/orders", "/a"), new("k", "i", "orders/1", "/b"), new("k", "i", "other", "/c")];

        Assert.Equal(["orders/1", "old/orders"], PaletteSearch.Find(entries, "ord").Select(entry => entry.Label));
    }
}
