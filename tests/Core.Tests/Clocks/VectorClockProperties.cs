using FsCheck;
using FsCheck.Fluent;
using Quorate.Core.Clocks;

namespace Quorate.Core.Tests.Clocks;

/// <summary>Vector clocks are a partial order, and merging is its least upper bound.</summary>
public sealed class VectorClockProperties
{
    private static readonly Gen<VectorClock> Any =
        from counters in Gen.Choose(0, 2).ArrayOf(3)
        select VectorClock.Of(counters.Select((counter, i) => KeyValuePair.Create($"r{i}", (long)counter)).Where(pair => pair.Value > 0));

    private static readonly Gen<(VectorClock A, VectorClock B, VectorClock C)> Three = from a in Any from b in Any from c in Any select (a, b, c);

    [Fact]
    public void CompareTo_AnyClocks_IsAPartialOrder() =>
        Properties.Hold(Three, clocks =>
        {
            var (a, b, c) = clocks;
            Assert.Equal(ClockOrder.Equal, a.CompareTo(a));
            Assert.Equal(a.Equals(b), a.CompareTo(b) == ClockOrder.Equal);
            Assert.Equal(a.CompareTo(b) == ClockOrder.Before, b.CompareTo(a) == ClockOrder.After);
            Assert.Equal(a.CompareTo(b) == ClockOrder.Concurrent, b.CompareTo(a) == ClockOrder.Concurrent);
            Assert.False(a.CompareTo(b) == ClockOrder.Before && b.CompareTo(c) == ClockOrder.Before && a.CompareTo(c) != ClockOrder.Before);
        });

    [Fact]
    public void Merge_AnyClocks_IsTheLeastThatHasSeenBoth() =>
        Properties.Hold(Three, clocks =>
        {
            var (a, b, c) = clocks;
            var merged = a.Merge(b);
            Assert.True(NotAfter(a, merged) && NotAfter(b, merged));
            Assert.True(!(NotAfter(a, c) && NotAfter(b, c)) || NotAfter(merged, c));
            Assert.Equal(merged, b.Merge(a));
            Assert.Equal(a.Merge(b.Merge(c)), merged.Merge(c));
            Assert.Equal(a, a.Merge(a));
        });

    [Fact]
    public void Next_OfARegion_IsAfter() =>
        Properties.Hold(Any, clock => Assert.Equal(ClockOrder.After, clock.Next("r1").CompareTo(clock)));

    private static bool NotAfter(VectorClock a, VectorClock b) => a.CompareTo(b) is ClockOrder.Before or ClockOrder.Equal;
}
