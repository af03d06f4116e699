using FsCheck;
using FsCheck.Fluent;
using Quorate.Core.Clocks;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Cache;

namespace Quorate.Core.Tests.StateMachine;

/// <summary>The cache's table: against a plain dictionary, and at its bounds.</summary>
public sealed class CacheTests
{
    private const int Large = 1 << 20;

    [Fact]
    public void Cache_AnyWorkload_EqualsPlainDictionary() =>
        Properties.Hold(Scripts.Cache, script =>
        {
            var replica = new Replica();
            var model = new Dictionary<string, (byte Value, long Revision, HlcTimestamp? Due)>();
            foreach (var step in script)
            {
                var (command, result) = Scripts.Play(replica, step);
                var now = replica.State.Time;
                foreach (var (key, _) in model.Where(pair => pair.Value.Due <= now).ToList())
                {
                    model.Remove(key);
                }

                // A retry gets its first answer and changes nothing.
                if (command is CachePut put && result is CommandResult.CacheWritten { Revision: var revision } && revision == replica.State.AppliedIndex.Value)
                {
                    model[put.Key] = (put.Value.Span[0], revision, put.TtlMs is { } ttl ? now.AddMs(ttl) : null);
                }
                else if (command is CacheDelete delete && result is CommandResult.CacheDeleted deleted && deleted.Revision == replica.State.AppliedIndex.Value)
                {
                    Assert.Equal(model.Remove(delete.Key), deleted.Existed);
                }

                Assert.Equal(model.Count, replica.State.Cache.Count);
                Assert.Equal(model.Count, replica.State.Cache.Bytes);
                foreach (var (key, value) in model)
                {
                    var item = replica.State.Cache.Get(key)!;
                    Assert.Equal(value, (item.Value!.Value.Span[0], item.Revision, item.ExpiresAt));
                }
            }
        }, times: 200);

    [Fact]
    public void Cache_UnderPressure_KeepsTheNewestValuesAndCountsThem()
    {
        var values = new byte[CacheTable.MaxValueBytes];
        var spilled = 0L;
        Properties.Hold(Gen.Choose(0, 1_000_000).ArrayOf(80), numbers =>
        {
            var replica = new Replica();
            foreach (var number in numbers)
            {
                var key = $"key{number % 40}";
                var size = (number / 40 % 4) switch { 0 => 1, 1 => Large, _ => CacheTable.MaxValueBytes };
                replica.Apply(number % 7 == 0 ? new CacheDelete(key) : new CachePut(key, null, values.AsMemory(0, size)));

                var cache = replica.State.Cache;
                var items = Enumerable.Range(0, 40).Select(i => cache.Get($"key{i}")).OfType<CacheItem>().ToList();
                var (whole, rest) = (items.Where(item => item.Value is not null).ToList(), items.Where(item => item.Value is null).ToList());
                Assert.Equal((items.Count, rest.Count), (cache.Count, cache.Spilled));
                Assert.Equal(whole.Sum(item => (long)item.Value!.Value.Length), cache.Bytes);
                Assert.InRange(cache.Bytes, 0, CacheTable.MaxBytes);
                Assert.All(rest, old => Assert.All(whole, item => Assert.True(old.Revision < item.Revision, $"{old.Key} gave way to the older {item.Key}")));
            }

            spilled += replica.State.Cache.Counters.Spilled;
        }, times: 8);
        Assert.True(spilled > 50, "hardly anything gave way");
    }

    [Fact]
    public void Put_BeyondTheBytes_OldestValueGivesWayAndItsStampStays()
    {
        var replica = Filled();
        var first = replica.State.Cache.Get("key00")!;
        Assert.NotNull(first.Value);
        replica.Apply(new CachePut("one more", null, new byte[1]));
        var spilled = replica.State.Cache.Get("key00")!;
        Assert.Null(spilled.Value);
        Assert.Equal((first.Stamp, first.Revision, Large), (spilled.Stamp, spilled.Revision, spilled.Size));
        Assert.Equal(1, replica.State.Cache.Spilled);
        Assert.True(replica.State.Cache.Bytes <= CacheTable.MaxBytes);
        Assert.DoesNotContain(replica.Events, change => change is StateEvent.CacheChanged { Key: "key00" });
    }

    [Fact]
    public void Put_OfASpilledKey_HasAValueAndANewStamp()
    {
        var replica = Filled();
        replica.Apply(new CachePut("one more", null, new byte[1]));
        var spilled = replica.State.Cache.Get("key00")!;
        replica.Apply(new CachePut("key00", null, new byte[] { 7 }));
        Assert.Equal(7, replica.State.Cache.Get("key00")!.Value!.Value.Span[0]);
        Assert.True(replica.State.Cache.Get("key00")!.Stamp > spilled.Stamp);
        Assert.Equal(0, replica.State.Cache.Spilled);
    }

    [Fact]
    public void Snapshot_WithSpilledKeys_GoesOnLikeTheOriginal()
    {
        var original = Filled();
        original.Apply(new CachePut("one more", 50, new byte[1]));
        var restored = original.FromSnapshot();
        Assert.Equal(original.State.Freeze().Hash(), restored.State.Freeze().Hash());
        foreach (var command in (Command[])[new CachePut("next", null, new byte[Large]), new CacheDelete("key00"), new CachePut("key05", null, new byte[3])])
        {
            original.Apply(command);
            restored.Apply(original.Log[^1]);
            Assert.Equal(original.State.Freeze().Hash(), restored.State.Freeze().Hash());
        }

        Assert.Equal((original.State.Cache.Bytes, original.State.Cache.Spilled), (restored.State.Cache.Bytes, restored.State.Cache.Spilled));
    }

    [Fact]
    public void Put_BeyondTheKeys_OldestIsForgotten()
    {
        var replica = new Replica();
        for (var i = 0; i <= CacheTable.MaxKeys; i++)
        {
            replica.Apply(new CachePut($"key{i}", null, new byte[1]));
        }

        Assert.Equal(CacheTable.MaxKeys, replica.State.Cache.Count);
        Assert.Null(replica.State.Cache.Get("key0"));
        Assert.Contains(replica.Events, change => change is StateEvent.CacheChanged { Key: "key0" });
        Assert.Equal(1, replica.State.Cache.Counters.Dropped);
    }

    [Fact]
    public void Expiry_OfASpilledKey_ForgetsIt()
    {
        var replica = new Replica();
        replica.Apply(new CachePut("brief", 100, new byte[Large]));
        for (var i = 0; i < CacheTable.MaxBytes / Large; i++)
        {
            replica.Apply(new CachePut($"key{i}", null, new byte[Large]));
        }

        Assert.Null(replica.State.Cache.Get("brief")!.Value);
        replica.Advance(200);
        replica.Clock();
        Assert.Null(replica.State.Cache.Get("brief"));
        Assert.Equal(1, replica.State.Cache.Counters.Expired);
    }

    private static Replica Filled()
    {
        var replica = new Replica();
        for (var i = 0; i < CacheTable.MaxBytes / Large; i++)
        {
            replica.Apply(new CachePut($"key{i:00}", null, new byte[Large]));
        }

        return replica;
    }
}
