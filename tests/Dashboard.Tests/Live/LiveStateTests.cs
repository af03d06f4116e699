using Microsoft.Extensions.Logging.Abstractions;
using Quorate.Contracts.Live;
using Quorate.Dashboard.Live;
using Quorate.Dashboard.Tests.Fakes;

namespace Quorate.Dashboard.Tests.Live;

public sealed class LiveStateTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly FakeLiveFeed _feed;
    private readonly LiveState _state;
    private readonly System.Collections.Concurrent.BlockingCollection<LiveBatch> _batches = [];

    public LiveStateTests()
    {
        var time = new SettableClock();
        _feed = new FakeLiveFeed(time);
        _state = new LiveState(_feed, time, NullLogger<LiveState>.Instance);
        _state.Changed += _batches.Add;
    }

    public async ValueTask DisposeAsync()
    {
        await _state.DisposeAsync();
        _batches.Dispose();
    }

    [Fact]
    public void Freshness_BeforeAnything_IsWaiting() =>
        Assert.Equal(FreshnessKind.Waiting, _state.Freshness(Topics.Topology).Kind);

    [Fact]
    public void Freshness_AfterASnapshot_IsLive()
    {
        ShowTopology();

        Assert.Equal(FreshnessKind.Live, _state.Freshness(Topics.Topology).Kind);
    }

    [Fact]
    public void Freshness_ConnectionLost_IsStaleUntilSomethingArrivesAgain()
    {
        ShowTopology();

        _feed.Lose(TimeSpan.FromSeconds(3));
        Assert.Equal(FreshnessKind.Stale, _state.Freshness(Topics.Topology).Kind);

        _feed.Reconnect();
        Assert.Equal(FreshnessKind.Stale, _state.Freshness(Topics.Topology).Kind);

        _feed.Delta(Topics.Topology, Examples.Cluster(healthy: 2));
        Until(batch => batch.Topics.Contains(Topics.Topology));
        Assert.Equal(FreshnessKind.Live, _state.Freshness(Topics.Topology).Kind);
    }

    [Fact]
    public void Freshness_MissedChanges_IsStale()
    {
        ShowTopology();
        _feed.Snapshot(Topics.Locks, new LocksPayload([], [], 0));
        Until(batch => batch.Topics.Contains(Topics.Locks));

        Send(LiveKinds.Missed);
        Until(batch => batch.Topics.Contains(Topics.Locks));

        Assert.Equal(FreshnessKind.Stale, _state.Freshness(Topics.Locks).Kind);
        Assert.Equal(FreshnessKind.Live, _state.Freshness(Topics.Topology).Kind);
    }

    [Fact]
    public void Changed_Burst_IsCoalesced()
    {
        _feed.Snapshot(Topics.Kv, new KvPayload([], [], 0));
        for (var i = 0; i < 100; i++)
        {
            _feed.Delta(Topics.Kv, new KvPayload([Examples.Key($"k{i}")], [], i + 1));
        }

        _state.Start();
        var changes = 0;
        var batches = 0;
        while (changes < 100)
        {
            changes += Next().KeyChanges.Length;
            batches++;
        }

        Assert.InRange(batches, 1, 10);
        Assert.Equal(100, _state.Store.KeysTotal);
    }

    [Fact]
    public void Changed_SnapshotOfKeys_AsksToReadAgain()
    {
        _state.Start();
        _feed.Snapshot(Topics.Kv, new KvPayload([Examples.Key("k")], [], 1));

        Assert.True(Next().KeysReset);
    }

    [Fact]
    public void Changed_UnreadablePayload_LeavesTheFeedRunning()
    {
        _state.Start();
        _feed.Snapshot(Topics.Locks, "not what the contract says");
        ShowTopology();

        Assert.NotNull(_state.Store.Topology);
        Assert.False(_state.Store.State(Topics.Locks).HasData);
    }

    private void ShowTopology()
    {
        _state.Start();
        _feed.Snapshot(Topics.Topology, Examples.Cluster());
        Until(batch => batch.Topics.Contains(Topics.Topology));
    }

    private void Send(string kind) => _feed.Send(Topics.Locks, kind, new Missed(12, "slow"));

    private LiveBatch Next() =>
        _batches.TryTake(out var batch, Patience) ? batch : throw new TimeoutException("No notification came.");

    private void Until(Func<LiveBatch, bool> condition)
    {
        while (!condition(Next()))
        {
        }
    }
}
