namespace Quorate.Core.Tests.Replication.Regions;

/// <summary>A region comes back from an old copy of its cluster: what it has lost the others give back, and nobody passes over what it writes then.</summary>
public sealed class RestoredRegionTests
{
    [Theory]
    [InlineData("eu", 1)]
    [InlineData("eu", 30)]
    [InlineData("us", 1)]
    [InlineData("us", 30)]
    public void Region_RestoredFromAnOldCopy_GetsBackWhatItLost_AndIsHeard(string restored, int written)
    {
        var world = new RegionWorld(seed: 1);
        foreach (var region in RegionWorld.Names)
        {
            world.Put(region, $"before-{region}", "1");
        }

        world.Settle();
        var copy = world[restored].FromSnapshot();
        for (var i = 0; i < 10; i++)
        {
            foreach (var region in RegionWorld.Names)
            {
                world.Put(region, $"lost-{region}-{i}", "2");
            }
        }

        world.Put(restored, $"before-{restored}", "3");
        world.Settle();
        world.Restore(restored, copy);
        for (var i = 0; i < written; i++)
        {
            world.Put(restored, $"new-{i}", "4");
        }

        world.Settle();

        Assert.Equal(3 + 30 + written, world[restored].State.Documents.Documents);
        Assert.All(RegionWorld.Names, region => Assert.Equal(world.Contents("eu"), world.Contents(region)));
    }

    [Fact]
    public void Coordinator_RestoredAndOnlyItHadWritten_GetsItBackFromTheOthers()
    {
        var world = new RegionWorld(seed: 2);
        world.Put("eu", "before", "1");
        world.Settle();
        var copy = world["eu"].FromSnapshot();
        for (var i = 0; i < 10; i++)
        {
            world.Put("eu", $"lost-{i}", "2");
        }

        world.Settle();
        world.Restore("eu", copy);
        world.Put("eu", "new", "3");
        world.Settle();

        Assert.Equal(12, world["eu"].State.Documents.Documents);
        Assert.All(RegionWorld.Names, region => Assert.Equal(world.Contents("eu"), world.Contents(region)));
    }

    [Theory]
    [InlineData("eu", 3000)]
    [InlineData("us", 0)]
    public void Region_RestoredWritesTheSameDocumentAgain_AllAgree(string restored, int afterMs)
    {
        var world = new RegionWorld(seed: 3);
        world.Put(restored, "k", "1");
        world.Settle();
        var copy = world[restored].FromSnapshot();
        world.Put(restored, "k", "2");
        world.Settle();

        world.Restore(restored, copy);
        world.Run(afterMs);
        world.Put(restored, "k", "3");
        world.Settle();

        Assert.All(RegionWorld.Names, region => Assert.Equal(world.Contents("eu"), world.Contents(region)));
        Assert.Contains(Convert.ToHexString("3"u8), world.Contents("eu")[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Coordinator_RestoredOverABadLine_AllAgree()
    {
        for (var seed = 10; seed < 40; seed++)
        {
            var world = new RegionWorld(seed) { Line = (10, 0) };
            for (var i = 0; i < 5; i++)
            {
                world.Put(RegionWorld.Names[i % 3], $"a{i}", $"{i}");
            }

            world.Settle();
            var copy = world["eu"].FromSnapshot();
            for (var i = 0; i < 12; i++)
            {
                world.Put(RegionWorld.Names[i % 3], $"b{i % 8}", $"{i}");
                world.Run(50);
            }

            world.Run(2000);
            world.Restore("eu", copy);
            for (var i = 0; i < 6; i++)
            {
                world.Put(RegionWorld.Names[i % 3], $"c{i}", $"{i}");
                world.Run(50);
            }

            world.Settle();
            Assert.Equal(world.Contents("eu"), world.Contents("us"));
            Assert.Equal(world.Contents("eu"), world.Contents("ap"));
        }
    }
}
