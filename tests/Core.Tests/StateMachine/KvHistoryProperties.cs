using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Kv;
using Quorate.Core.StateMachine.Transactions;

namespace Quorate.Core.Tests.StateMachine;

/// <summary>The history of keys against a list of everything that happened to them.</summary>
public sealed class KvHistoryProperties
{
    [Fact]
    public void History_AnyWorkload_IsTheNewestOfWhatHappenedToTheKey() =>
        Properties.Hold(Scripts.Histories, script =>
        {
            var replica = new Replica();
            var happened = new Dictionary<string, List<string>>();
            foreach (var step in script)
            {
                Scripts.Play(replica, step);
                foreach (var change in replica.Events.OfType<StateEvent.KvChanged>())
                {
                    var list = happened.TryGetValue(change.Key, out var known) ? known : happened[change.Key] = [];

                    // What one entry did to a key is one revision: the last.
                    list.RemoveAll(each => each.StartsWith($"{change.Revision} ", StringComparison.Ordinal));
                    list.Add(Shown(change.Revision, change.Change, change.Item?.Value ?? default, change.Item?.Version ?? 0, change.Reason));
                }

                foreach (var (key, list) in happened)
                {
                    var history = replica.State.Kv.History(key);
                    Assert.Equal(
                        list.AsEnumerable().Reverse().Take(KvTable.KeptRevisions - (replica.State.Kv.Get(key) is null ? 1 : 0)),
                        history.Select(each => Shown(each.Revision, each.Change, each.Value, each.Version, each.Reason)));
                }
            }
        }, times: 100);

    [Fact]
    public void History_KeyWrittenOften_KeepsTheLastRevisions()
    {
        var replica = new Replica();
        for (var i = 0; i < 100; i++)
        {
            replica.Apply(new KvPut("key", null, null, new[] { (byte)i }));
        }

        var history = replica.State.Kv.History("key");
        Assert.Equal(Enumerable.Range(69, KvTable.KeptRevisions).Reverse().Select(i => (long)i), history.Select(each => each.Revision));
        Assert.Equal(KvTable.KeptRevisions - 1, replica.State.Kv.HistoryCount);
    }

    [Fact]
    public void History_KeysWrittenOnce_HaveNone()
    {
        var replica = new Replica();
        for (var i = 0; i < 100; i++)
        {
            replica.Apply(new KvPut($"key{i}", null, null, new[] { (byte)i }));
        }

        Assert.Equal(0, replica.State.Kv.HistoryCount);
    }

    [Fact]
    public void History_BeyondItsBytes_ForgetsTheSameOnARestoredReplica()
    {
        var replica = new Replica();
        var large = new byte[600_000];
        Replica? restored = null;
        for (var i = 0; i < 200; i++)
        {
            replica.Apply(i % 7 == 0 ? new KvDelete($"key{i % 5}", null) : new KvPut($"key{i % 5}", null, null, large));
            restored?.Apply(replica.Log[^1]);
            Assert.True(replica.State.Kv.HistoryBytes <= KvTable.MaxHistoryBytes);
            if (i % 40 == 20)
            {
                restored = replica.FromSnapshot();
            }

            if (i % 10 == 0 && restored is not null)
            {
                Assert.Equal(replica.State.Freeze().Hash(), restored.State.Freeze().Hash());
                Assert.Equal(replica.State.Kv.HistoryBytes, restored.State.Kv.HistoryBytes);
            }
        }

        Assert.InRange(replica.State.Kv.HistoryBytes, KvTable.MaxHistoryBytes / 2, KvTable.MaxHistoryBytes);
    }

    [Fact]
    public void History_FrozenBefore_StaysAsItWas() =>
        Properties.Hold(Scripts.Histories, script =>
        {
            var replica = new Replica();
            var frozen = new List<(FrozenState State, string Hash)>();
            foreach (var step in script)
            {
                Scripts.Play(replica, step);
                if (step.A % 4 == 0)
                {
                    var state = replica.State.Freeze();
                    frozen.Add((state, state.Hash()));
                }
            }

            Assert.All(frozen, each => Assert.Equal(each.Hash, each.State.Hash()));
        }, times: 40);

    [Fact]
    public void History_ValueCutFromALargeEntry_DoesNotKeepTheEntry()
    {
        var replica = new Replica();
        var puts = Enumerable.Range(0, 500).Select(i => new KvPut($"key{i}", null, null, new byte[50])).ToArray();
        replica.Apply(new Batch(puts));
        replica.Apply(new KvPut("key3", null, null, new byte[1]));

        var earlier = replica.State.Kv.History("key3")[1].Value;
        Assert.True(System.Runtime.InteropServices.MemoryMarshal.TryGetArray(earlier, out var segment));
        Assert.Equal(50, segment.Array!.Length);
    }

    private static string Shown(long revision, KvChange change, ReadOnlyMemory<byte> value, long version, string? reason) =>
        $"{revision} {change} {Convert.ToHexString(value.Span)} {version} {reason}";
}
