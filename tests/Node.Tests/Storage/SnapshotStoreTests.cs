using Quorate.Core.Raft;
using Quorate.Node.Storage;
using static Quorate.Node.Tests.Storage.WalFixture;

namespace Quorate.Node.Tests.Storage;

public sealed class SnapshotStoreTests : IDisposable
{
    private readonly TempDirectory _temp = new();
    private readonly RecordingLogger _logger = new();

    private string Directory => _temp.Sub("snapshots");

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void TryOpenLatest_EmptyStore_IsNull()
    {
        using var store = OpenStore();
        Assert.Null(store.TryOpenLatest());
        Assert.Null(store.Latest);
        Assert.Equal(LogIndex.Zero, store.CompactableIndex);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(3, 10)]
    [InlineData(5, 262_140)]
    [InlineData(3, 262_144)]
    [InlineData(4, 700_000)]
    public void Commit_RecordsOfAnySize_AreReadBackAfterReopening(int count, int size)
    {
        var records = Records(count, size);
        using (var store = OpenStore())
        {
            Take(store, 10, records);
        }

        using var again = OpenStore();
        Assert.Equal(SnapshotAt(10), again.Latest);
        AssertContent(again, 10, records);
    }

    [Fact]
    public void Commit_ThirdSnapshot_KeepsTheLastTwo()
    {
        using var store = OpenStore();
        Take(store, 10, Records(1, 5));
        Assert.Equal(LogIndex.Zero, store.CompactableIndex);
        Take(store, 20, Records(1, 5));
        Assert.Equal(new LogIndex(10), store.CompactableIndex);
        Take(store, 30, Records(1, 5));

        Assert.Equal(new LogIndex(20), store.CompactableIndex);
        Assert.Equal(SnapshotAt(30), store.Latest);
        Assert.Equal(2, System.IO.Directory.GetFiles(Directory).Length);
    }

    [Fact]
    public void Dispose_WithoutCommit_LeavesNothing()
    {
        using var store = OpenStore();
        using (var writer = store.Begin(SnapshotAt(10)))
        {
            writer.Write(new byte[600_000]);
        }

        Assert.Null(store.Latest);
        Assert.Empty(System.IO.Directory.GetFiles(Directory));
    }

    [Fact]
    public void Open_UnfinishedFiles_AreRemoved()
    {
        using (var store = OpenStore())
        {
            Take(store, 10, Records(1, 5));
        }

        File.WriteAllBytes(Path.Combine(Directory, "taking-20.tmp"), [1]);
        File.WriteAllBytes(Path.Combine(Directory, "receiving-20.tmp"), [1]);

        using var again = OpenStore();
        Assert.Single(System.IO.Directory.GetFiles(Directory));
        Assert.Equal(SnapshotAt(10), again.Latest);
    }

    [Fact]
    public void TryOpenLatest_BitFlippedAnywhere_FallsBackToTheOneBeforeAndSaysSo()
    {
        using (var store = OpenStore())
        {
            Take(store, 10, Records(3, 20));
            Take(store, 20, Records(3, 30));
        }

        var newest = System.IO.Directory.GetFiles(Directory).Order(StringComparer.Ordinal).Last();
        var whole = File.ReadAllBytes(newest);
        for (var offset = 0; offset < whole.Length; offset++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[offset] ^= 0x10;
            File.WriteAllBytes(newest, damaged);
            using var store = OpenStore();
            AssertContent(store, 10, Records(3, 20));
            Assert.False(File.Exists(newest));
        }

        Assert.Contains(_logger.Lines, line => line.Text.Contains(newest, StringComparison.Ordinal));
    }

    [Fact]
    public void TryOpenLatest_CutAnywhere_FallsBackToTheOneBefore()
    {
        using (var store = OpenStore())
        {
            Take(store, 10, Records(3, 20));
            Take(store, 20, Records(3, 30));
        }

        var newest = System.IO.Directory.GetFiles(Directory).Order(StringComparer.Ordinal).Last();
        var whole = File.ReadAllBytes(newest);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(newest, whole[..length]);
            using var store = OpenStore();
            AssertContent(store, 10, Records(3, 20));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(100_000)]
    public void ReceiveChunk_WholeFileInPieces_InstallsIt(int chunk)
    {
        var records = Records(2, chunk == 1 ? 30 : 150_000);
        using var leader = OpenStore("leader");
        using var follower = OpenStore("follower");
        Take(leader, 10, records);

        var progress = Send(leader, follower, SnapshotAt(10), 0, chunk, int.MaxValue);

        Assert.True(progress.Installed);
        AssertContent(follower, 10, records);
        Assert.Equal(new SnapshotProgress(progress.NextOffset, true), follower.ReceiveChunk(SnapshotAt(10), 0, [1], false));
    }

    [Fact]
    public void ReceiveChunk_InterruptedAfterAnyChunk_GoesOnFromTheExactOffset()
    {
        using var leader = OpenStore("leader");
        Take(leader, 10, Records(3, 40));
        for (var stop = 1; stop * 10 < leader.LatestBytes; stop++)
        {
            using var follower = OpenStore($"follower-{stop}");
            var before = Send(leader, follower, SnapshotAt(10), 0, 10, stop);
            Assert.False(before.Installed);
            Assert.Equal(stop * 10, before.NextOffset);

            // A leader that does not know where it was starts anew and is told.
            var told = follower.ReceiveChunk(SnapshotAt(10), 0, leader.ReadChunk(SnapshotAt(10), 0, 10)!.Value.Data.Span, false);
            Assert.Equal(before, told);
            Assert.Equal(before, follower.ReceiveChunk(SnapshotAt(10), told.NextOffset + 5, [1, 2], false));

            Assert.True(Send(leader, follower, SnapshotAt(10), told.NextOffset, 10, int.MaxValue).Installed);
            AssertContent(follower, 10, Records(3, 40));
        }
    }

    [Fact]
    public void ReceiveChunk_DamagedOnTheWay_IsNotInstalledAndBeginsAnew()
    {
        using var leader = OpenStore("leader");
        using var follower = OpenStore("follower");
        Take(leader, 10, Records(3, 40));
        var data = leader.ReadChunk(SnapshotAt(10), 0, int.MaxValue)!.Value.Data.ToArray();
        data[^60] ^= 1;

        Assert.Equal(new SnapshotProgress(0, false), follower.ReceiveChunk(SnapshotAt(10), 0, data, done: true));
        Assert.Null(follower.Latest);
        Assert.Empty(System.IO.Directory.GetFiles(_temp.Sub("follower")));

        Assert.True(Send(leader, follower, SnapshotAt(10), 0, 50, int.MaxValue).Installed);
    }

    [Fact]
    public void ReceiveChunk_NewerSnapshotInBetween_ReplacesTheUnfinishedOne()
    {
        using var leader = OpenStore("leader");
        using var follower = OpenStore("follower");
        Take(leader, 10, Records(3, 40));
        Take(leader, 20, Records(3, 50));
        Send(leader, follower, SnapshotAt(10), 0, 50, 2);

        Assert.Equal(new SnapshotProgress(0, false), follower.ReceiveChunk(SnapshotAt(20), 100, [1], false));
        Assert.True(Send(leader, follower, SnapshotAt(20), 0, 50, int.MaxValue).Installed);
        Assert.Single(System.IO.Directory.GetFiles(_temp.Sub("follower")));
        AssertContent(follower, 20, Records(3, 50));
    }

    [Fact]
    public void ReadChunk_SnapshotNoLongerKept_IsNull()
    {
        using var store = OpenStore();
        Take(store, 10, Records(1, 5));
        Take(store, 20, Records(1, 5));
        Take(store, 30, Records(1, 5));

        Assert.Null(store.ReadChunk(SnapshotAt(10), 0, 100));
        Assert.NotNull(store.ReadChunk(SnapshotAt(20), 0, 100));
        Assert.Null(store.ReadChunk(SnapshotAt(20), 1_000_000, 100));
    }

    [Fact]
    public void Open_SnapshotOfAnotherGroup_Refuses()
    {
        using (var store = OpenStore())
        {
            Take(store, 10, []);
        }

        var error = Assert.Throws<StorageException>(() => new SnapshotStore(Directory, new GroupId(7), _logger));
        Assert.Contains(Directory, error.Message);
    }

    private static byte[][] Records(int count, int size) =>
        [.. Enumerable.Range(0, count).Select(i =>
        {
            var record = new byte[size];
            new Random(size * 31 + i).NextBytes(record);
            return record;
        })];

    private static void Take(SnapshotStore store, long index, byte[][] records)
    {
        using var writer = store.Begin(SnapshotAt(index));
        foreach (var record in records)
        {
            writer.Write(record);
        }

        writer.Commit();
    }

    private static SnapshotProgress Send(SnapshotStore from, SnapshotStore to, SnapshotMeta meta, long offset, int chunk, int count)
    {
        var progress = new SnapshotProgress(offset, false);
        for (var i = 0; i < count && !progress.Installed; i++)
        {
            var part = from.ReadChunk(meta, progress.NextOffset, chunk)!.Value;
            var next = to.ReceiveChunk(meta, progress.NextOffset, part.Data.Span, part.Done);
            Assert.True(next.NextOffset > progress.NextOffset);
            progress = next;
        }

        return progress;
    }

    private static void AssertContent(SnapshotStore store, long index, byte[][] records)
    {
        using var reader = store.TryOpenLatest();
        Assert.NotNull(reader);
        Assert.Equal(SnapshotAt(index), reader.Meta);
        Assert.Equal(records.Select(Convert.ToHexString), reader.Records().Select(record => Convert.ToHexString(record.Span)));
    }

    private SnapshotStore OpenStore(string? name = null) => new(name is null ? Directory : _temp.Sub(name), GroupId.Default, _logger);
}
