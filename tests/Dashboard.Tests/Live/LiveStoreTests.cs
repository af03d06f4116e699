using System.Text.Json;
using Quorate.Contracts;
using Quorate.Contracts.Live;
using Quorate.Dashboard.Live;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Live;

public class LiveStoreTests
{
    private readonly LiveStore _store = new();

    [Fact]
    public void Apply_DeltaBeforeTheSnapshot_DoesNotCount()
    {
        Assert.False(Apply(Topics.Locks, 5, LiveKinds.Delta, Locks("a")));
        Assert.Empty(_store.Locks);
        Assert.False(_store.State(Topics.Locks).HasData);
    }

    [Fact]
    public void Apply_Delta_AddsChangesAndRemoves()
    {
        Apply(Topics.Locks, 5, LiveKinds.Snapshot, Locks("a", "b"));

        Apply(Topics.Locks, 6, LiveKinds.Delta, new LocksPayload([Examples.Lock("b", "other"), Examples.Lock("c")], ["a"], 2));

        Assert.Equal(["b", "c"], _store.Locks.Keys);
        Assert.Equal("other", _store.Locks["b"].Holders[0].Owner);
        Assert.Equal(2, _store.LocksTotal);
    }

    [Fact]
    public void Apply_SameVersionTwice_CountsOnce()
    {
        Apply(Topics.Locks, 5, LiveKinds.Snapshot, Locks("a"));
        Apply(Topics.Locks, 6, LiveKinds.Delta, Locks("b"));

        Assert.False(Apply(Topics.Locks, 6, LiveKinds.Delta, new LocksPayload([], ["b"], 1)));
        Assert.Equal(["a", "b"], _store.Locks.Keys);
    }

    [Fact]
    public void Apply_Missed_IgnoresDeltasUntilTheSnapshot()
    {
        Apply(Topics.Locks, 5, LiveKinds.Snapshot, Locks("a"));
        Apply(Topics.Locks, 9, LiveKinds.Missed, new Missed(40, "slow"));

        Assert.True(_store.State(Topics.Locks).AwaitsSnapshot);
        Assert.False(Apply(Topics.Locks, 10, LiveKinds.Delta, Locks("z")));

        Apply(Topics.Locks, 10, LiveKinds.Snapshot, Locks("b"));

        Assert.Equal(["b"], _store.Locks.Keys);
        Assert.False(_store.State(Topics.Locks).AwaitsSnapshot);
        Assert.Equal(40, _store.State(Topics.Locks).Missed);
    }

    [Fact]
    public void Apply_SnapshotWithALowerVersion_Replaces()
    {
        Apply(Topics.Locks, 500, LiveKinds.Snapshot, Locks("a"));

        Assert.True(Apply(Topics.Locks, 3, LiveKinds.Snapshot, Locks("b")));
        Assert.Equal(["b"], _store.Locks.Keys);
    }

    [Fact]
    public void Apply_EndlessSamples_KeepsFiveMinutes()
    {
        Apply(Topics.Metrics, 1, LiveKinds.Snapshot, new MetricsPayload([.. Enumerable.Range(0, 400).Select(i => Examples.Sample(1000 - i))]));
        Apply(Topics.Metrics, 2, LiveKinds.Delta, new MetricsPayload([Examples.Sample(1, writes: 77)]));

        Assert.Equal(LiveStore.MaxSamples, _store.Samples.Length);
        Assert.Equal(77, _store.Samples[^1].WritesPerSecond);
    }

    [Fact]
    public void Apply_EndlessEvents_KeepsTheNewestFirst()
    {
        Apply(Topics.Events, 1, LiveKinds.Snapshot, new EventsPayload([Examples.Event(1)]));
        Apply(Topics.Events, 2, LiveKinds.Delta, new EventsPayload([.. Enumerable.Range(2, 300).Select(id => Examples.Event(id))]));

        Assert.Equal(LiveStore.MaxEvents, _store.Events.Length);
        Assert.Equal(301, _store.Events[0].Id);
    }

    [Fact]
    public void Apply_EndedTerm_ReplacesItsFormerSelf()
    {
        Apply(Topics.Leaders, 1, LiveKinds.Snapshot, new LeadersPayload([Examples.Term(7)]));
        Apply(Topics.Leaders, 2, LiveKinds.Delta, new LeadersPayload([Examples.Term(8, "n1"), Examples.Term(7) with { To = Examples.Now }]));

        Assert.Equal([8L, 7L], _store.Terms.Select(term => term.Term));
        Assert.NotNull(_store.Terms[1].To);
    }

    private bool Apply<T>(string topic, long version, string kind, T payload) => _store.Apply(
        new LiveMessage(topic, version, kind, Examples.Now, JsonSerializer.SerializeToElement(payload, ContractJson.Options)), Examples.Now);

    private static LocksPayload Locks(params string[] names) => new([.. names.Select(name => Examples.Lock(name))], [], names.Length);
}
