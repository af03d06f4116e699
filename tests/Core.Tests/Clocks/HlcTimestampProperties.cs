using FsCheck.Fluent;
using Quorate.Core.Clocks;

namespace Quorate.Core.Tests.Clocks;

public sealed class HlcTimestampProperties
{
    [Fact]
    public void After_AnySequenceOfPhysicalTimes_StrictlyIncreases() =>
        Properties.Hold(Gen.Choose(0, 1000).ListOf(), readings =>
        {
            var last = HlcTimestamp.FromUnixMs(500);
            foreach (var physicalMs in readings)
            {
                var next = HlcTimestamp.After(last, physicalMs);
                Assert.True(next > last);
                Assert.True(next.UnixMs >= physicalMs);
                Assert.Equal(next, new HlcTimestamp((next.UnixMs << 16) + next.Counter));
                last = next;
            }
        });

    [Fact]
    public void After_FullCounter_CarriesIntoTheMilliseconds()
    {
        var full = new HlcTimestamp((7L << 16) + 0xFFFF);
        Assert.Equal(HlcTimestamp.FromUnixMs(8), HlcTimestamp.After(full, 7));
    }
}
