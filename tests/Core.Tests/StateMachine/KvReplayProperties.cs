using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Kv;

namespace Quorate.Core.Tests.StateMachine;

/// <summary>Changes told out of the history against the changes as they happened.</summary>
public sealed class KvReplayProperties
{
    private const int NoLimit = int.MaxValue;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ChangesSince_AnyWorkload_AreThoseThatHappenedOrNone(bool restored)
    {
        var told = 0;
        Properties.Hold(Scripts.Histories, script =>
        {
            var replica = new Replica();
            var happened = new List<StateEvent.KvChanged>();
            foreach (var step in script)
            {
                Scripts.Play(replica, step);
                foreach (var change in replica.Events.OfType<StateEvent.KvChanged>())
                {
                    // What one entry did to a key is one change: the last.
                    happened.RemoveAll(each => each.Key == change.Key && each.Revision == change.Revision);
                    happened.Add(change);
                }
            }

            var kv = (restored ? replica.FromSnapshot() : replica).State.Kv;
            foreach (var prefix in happened.Select(change => change.Key).Append("").Distinct())
            {
                for (var since = 0L; since <= replica.State.AppliedIndex.Value; since += 3)
                {
                    var expected = happened
                        .Where(change => change.Revision > since && change.Key.StartsWith(prefix, StringComparison.Ordinal))
                        .OrderBy(change => change.Revision).ThenBy(change => change.Key, StringComparer.Ordinal).ToList();
                    var mostOfOne = expected.GroupBy(change => change.Key).Select(each => each.Count()).DefaultIfEmpty().Max();
                    var changes = kv.ChangesSince(prefix, since, NoLimit);
                    Assert.True(changes is not null || mostOfOne >= KvTable.KeptRevisions - 3, $"{prefix} since {since}: nothing is forgotten yet");
                    if (changes is not null)
                    {
                        told++;
                        Assert.Equal(
                            expected.Select(Shown),
                            changes.OrderBy(change => change.Revision).ThenBy(change => change.Key, StringComparer.Ordinal).Select(Shown));
                        Assert.Equal(changes.Select(change => change.Revision).Order(), changes.Select(change => change.Revision));
                    }
                }
            }
        }, times: 60);
        Assert.True(told > 100, "hardly anything was told");
    }

    [Fact]
    public void ChangesSince_RevisionsOfOneKeyForgotten_AreNoneForItAndAllForOthers()
    {
        var replica = new Replica();
        replica.Apply(new KvPut("calm", null, null, new byte[1]));
        for (var i = 0; i < 100; i++)
        {
            replica.Apply(new KvPut("busy", null, null, new byte[1]));
        }

        Assert.Null(replica.State.Kv.ChangesSince("", 0, NoLimit));
        Assert.Null(replica.State.Kv.ChangesSince("busy", 50, NoLimit));
        Assert.Equal(20, replica.State.Kv.ChangesSince("busy", 81, NoLimit)!.Count);
        Assert.Single(replica.State.Kv.ChangesSince("calm", 0, NoLimit)!);
    }

    [Fact]
    public void ChangesSince_ForgottenForTheSakeOfAll_AreNoneAlsoAfterASnapshot()
    {
        var replica = new Replica();
        var large = new byte[600_000];
        for (var i = 0; i < 100; i++)
        {
            replica.Apply(i % 3 == 2 ? new KvDelete($"key{i / 3}", null) : new KvPut($"key{i / 3}", null, null, large));
        }

        var (kv, restored) = (replica.State.Kv, replica.FromSnapshot().State.Kv);
        Assert.True(kv.ForgottenThrough > 0);
        Assert.Equal(kv.ForgottenThrough, restored.ForgottenThrough);
        Assert.Null(restored.ChangesSince("key0", 0, NoLimit));
        Assert.Null(restored.ChangesSince("", kv.ForgottenThrough - 1, NoLimit));
        Assert.Equal(100 - kv.ForgottenThrough, restored.ChangesSince("", kv.ForgottenThrough, NoLimit)!.Count);
    }

    [Fact]
    public void ChangesSince_MoreThanTheLimit_AreNone()
    {
        var replica = new Replica();
        for (var i = 0; i < 10; i++)
        {
            replica.Apply(new KvPut($"key{i}", null, null, new byte[1]));
        }

        Assert.Null(replica.State.Kv.ChangesSince("key", 0, 9));
        Assert.Equal(10, replica.State.Kv.ChangesSince("key", 0, 10)!.Count);
    }

    private static string Shown(StateEvent.KvChanged change) =>
        $"{change.Revision} {change.Key} {change.Change} {Convert.ToHexString((change.Item?.Value ?? default).Span)} {change.Item?.Version} {change.Reason}";
}
