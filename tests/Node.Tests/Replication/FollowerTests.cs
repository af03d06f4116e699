using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Quorate.Core.Raft;
using Quorate.Core.Replication;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Documents;
using Quorate.Node.Hosting;
using Quorate.Node.Replication;

namespace Quorate.Node.Tests.Replication;

public sealed class FollowerTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly Source _source = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Worker_SourceAwayForAWhile_ResumesWhereItWas()
    {
        using var store = Open();
        var worker = Worker(store);
        using var stop = new CancellationTokenSource();
        var running = worker.RunAsync(stop.Token);
        _source.Write("a", 1);
        Eventually.True(() => store.Position == 2, "the first change is pulled");

        _source.Away = true;
        _source.Write("b", 2);
        Eventually.True(() => worker.Error is not null, "the source is missed");
        Assert.Equal(2, store.Position);
        _source.Away = false;

        Eventually.True(() => store.Position == 3 && worker.Error is null, "the rest is pulled");
        Eventually.True(() => _source.Reported == 3, "the position is reported");
        Assert.Equal(0, worker.Snapshots);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Worker_SnapshotBreaksOff_KeepsWhatItHadAndBeginsAnew()
    {
        using var store = Open();
        store.Execute(new ReplicaApply([.. _source.State.Sync.After(0)]));
        _source.Write("old", 1);
        store.Execute(new ReplicaApply([.. _source.State.Sync.After(1)]));
        _source.Write("new", 2);
        _source.Apply(new SyncRetain(1, 1 << 20));
        _source.Write("newer", 3);
        _source.BreakSnapshots = true;
        var worker = Worker(store);
        using var stop = new CancellationTokenSource();
        var running = worker.RunAsync(stop.Token);

        Eventually.True(() => worker.Failures > 0, "a snapshot broke off");
        Assert.Equal(["old"], Keys(store));
        _source.BreakSnapshots = false;

        Eventually.True(() => store.Position == _source.State.Sync.Last, "a snapshot is loaded");
        Assert.Equal(["new", "newer", "old"], Keys(store));
        Eventually.True(() => worker.Snapshots == 1, "the snapshot is counted");
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public void Store_OpenedAgain_HasContentAndPositionOfTheSameMoment()
    {
        using (var store = Open(new SnapshotPolicy { EveryEntries = 4 }))
        {
            for (var i = 0; i < 11; i++)
            {
                _source.Write($"key{i:00}", i);
                store.Execute(new ReplicaApply([.. _source.State.Sync.After(store.Position)]));
            }

            // Half a snapshot is worth nothing after a restart.
            store.Execute(new ReplicaReset());
            store.Execute(new ReplicaLoad([.. _source.State.Documents.Export().Take(2)]));
        }

        using var again = Open();
        Assert.Equal(12, again.Position);
        Assert.Equal(11, Keys(again).Count);
        Assert.NotEmpty(Directory.EnumerateFiles(_directory.Sub("snapshots")));
        _source.Write("more", 1);
        Assert.Equal(new SyncResult.Applied(13), again.Execute(new ReplicaApply([.. _source.State.Sync.After(12)])));
        Assert.False(again.Read(state => state.Sync.IsLoading));
    }

    private ReplicaStore Open(SnapshotPolicy? policy = null) => ReplicaStore.Open(_directory.Path, NullLogger.Instance, policy);

    private FollowerWorker Worker(ReplicaStore store) => new("f", store, _source, NullLogger.Instance);

    private static List<string> Keys(ReplicaStore store) => store.Read(state => state.Documents.Get("c")!.Range("").Select(document => document.Key).ToList());

    /// <summary>A cluster's log of changes, without the cluster.</summary>
    private sealed class Source : ISyncSource
    {
        private readonly Lock _gate = new();
        private long _reported = -1;

        public Source() => Apply(new CollectionCreate("c", ConflictStrategy.Manual));

        public ClusterState State { get; } = new();

        public bool Away { get; set; }

        public bool BreakSnapshots { get; set; }

        public long Reported => Interlocked.Read(ref _reported);

        public void Write(string key, int value) =>
            Apply(new DocumentPut("c", key, null, "local", Encoding.UTF8.GetBytes($"{value}")));

        public void Apply(Command command)
        {
            lock (_gate)
            {
                State.Apply(
                    new Entry(new Term(1), State.AppliedIndex.Next, Core.Clocks.HlcTimestamp.After(State.Time, 1), EntryKind.Command, CommandCodec.Encode(new CommandEnvelope(default, command))),
                    [],
                    out _);
            }
        }

        public Task ReportAsync(long sequence, CancellationToken cancel)
        {
            Interlocked.Exchange(ref _reported, Away ? throw new SyncSourceException("away") : sequence);
            return Task.CompletedTask;
        }

        public async Task<IReadOnlyList<SyncEntry>> PullAsync(long after, int limit, CancellationToken cancel)
        {
            // As a gateway, it does not answer at once when there is nothing.
            await Task.Delay(5, cancel);
            lock (_gate)
            {
                return Away ? throw new SyncSourceException("away")
                    : !State.Sync.Reaches(after) ? throw new SnapshotRequiredException("too far behind")
                    : [.. State.Sync.After(after).Take(limit)];
            }
        }

        public Task<long> SnapshotAsync(Action<IReadOnlyList<SyncEntry>> load, CancellationToken cancel)
        {
            lock (_gate)
            {
                foreach (var entry in State.Documents.Export().Take(BreakSnapshots ? 2 : int.MaxValue))
                {
                    load([entry]);
                }

                return BreakSnapshots ? throw new SyncSourceException("broke off") : Task.FromResult(State.Sync.Last);
            }
        }
    }
}
