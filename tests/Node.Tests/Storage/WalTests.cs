using Quorate.Core.Raft;
using Quorate.Node.Storage;
using static Quorate.Node.Tests.Storage.WalFixture;

namespace Quorate.Node.Tests.Storage;

public sealed class WalTests : IDisposable
{
    private readonly TempDirectory _temp = new();
    private readonly FaultyFiles _files = new();

    private string Directory => _temp.Sub("wal");

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Flush_ManyAppends_IsOneSync()
    {
        using var log = Open(Directory, files: _files);
        var before = _files.Syncs;
        for (var i = 1; i <= 20; i++)
        {
            log.Append(new HardState(new Term(i), NodeId.None, LogIndex.Zero), null, [EntryAt(i)]);
        }

        log.Flush();

        Assert.Equal(before + 1, _files.Syncs);
    }

    [Fact]
    public void Flush_ReportsHowLongItTook()
    {
        var times = new List<TimeSpan>();
        using var log = Open(Directory, Small with { Flushed = times.Add });
        log.Save(EntryAt(1));
        log.Save(EntryAt(2));

        Assert.Equal(2, times.Count);
        Assert.All(times, time => Assert.True(time > TimeSpan.Zero));
    }

    [Fact]
    public void Flush_SegmentFull_RollsAndRecoversAll()
    {
        using (var log = Open(Directory))
        {
            for (var i = 1; i <= 50; i++)
            {
                log.Save(EntryAt(i, size: 1000));
            }

            Assert.True(log.SegmentCount > 3);
        }

        using var again = Open(Directory);
        AssertSame(Entries(1, 50, size: 1000), again.Recovered.Entries);
    }

    [Fact]
    public void Flush_BatchLargerThanASegment_GetsASegmentOfItsOwn()
    {
        using (var log = Open(Directory))
        {
            log.Save(EntryAt(1));
            log.Save(EntryAt(2, size: 5 * Small.SegmentBytes));
            log.Save(EntryAt(3));
        }

        using var again = Open(Directory);
        AssertSame([EntryAt(1), EntryAt(2, size: 5 * Small.SegmentBytes), EntryAt(3)], again.Recovered.Entries);
    }

    [Fact]
    public void Append_AtAnEarlierIndex_ReplacesTheSuffix()
    {
        using (var log = Open(Directory))
        {
            log.Save(Entries(1, 10));
            log.Save(Entries(6, 7, term: 2));
            Assert.Equal(new LogIndex(7), log.LastIndex);
            log.Save(Entries(8, 8, term: 2));
        }

        using var again = Open(Directory);
        AssertSame([.. Entries(1, 5), .. Entries(6, 8, term: 2)], again.Recovered.Entries);
    }

    [Fact]
    public void Append_LeavingAGap_Throws()
    {
        using var log = Open(Directory);
        log.Save(Entries(1, 2));

        Assert.Throws<ArgumentException>(() => log.Append(null, null, [EntryAt(4)]));
        Assert.Throws<ArgumentException>(() => log.Append(null, null, [EntryAt(3), EntryAt(5)]));
    }

    [Fact]
    public void Append_InstalledSnapshot_ReplacesEverythingBefore()
    {
        using (var log = Open(Directory))
        {
            log.Save(Entries(1, 5));
            log.Append(null, SnapshotAt(100, term: 3), Entries(101, 102, term: 3));
            log.Flush();
        }

        using var again = Open(Directory);
        Assert.Equal(SnapshotAt(100, term: 3), again.Recovered.InstalledSnapshot);
        AssertSame(Entries(101, 102, term: 3), again.Recovered.Entries);
        AssertSame(Entries(101, 102, term: 3), again.Recovered.After(SnapshotAt(100, term: 3)));
        Assert.Throws<WalCorruptedException>(() => again.Recovered.After(SnapshotAt(50)));
        Assert.Throws<WalCorruptedException>(() => again.Recovered.After(null));
    }

    [Fact]
    public void Compact_WholeSegmentsCovered_DeletesThemAndKeepsStateAndRest()
    {
        var state = new HardState(new Term(7), new NodeId("n3"), new LogIndex(1));
        using (var log = Open(Directory))
        {
            log.Append(state, null, []);
            for (var i = 1; i <= 50; i++)
            {
                log.Save(EntryAt(i, size: 1000));
            }

            var before = log.BytesOnDisk;
            Assert.True(log.Compact(new LogIndex(30)) >= 2);
            Assert.True(log.BytesOnDisk < before);
            Assert.Equal(0, log.Compact(new LogIndex(30)));
        }

        using var again = Open(Directory);
        Assert.Equal(state, again.Recovered.HardState);
        Assert.InRange(again.Recovered.Entries[0].Index.Value, 2, 31);
        AssertSame(Entries(31, 50, size: 1000), again.Recovered.After(SnapshotAt(30)));
        Assert.Throws<WalCorruptedException>(() => again.Recovered.After(null));
    }

    [Fact]
    public void Compact_EverythingCovered_KeepsTheActiveSegmentAndTheLastIndex()
    {
        using (var log = Open(Directory))
        {
            for (var i = 1; i <= 50; i++)
            {
                log.Save(EntryAt(i, size: 1000));
            }

            log.Compact(new LogIndex(50));
            Assert.Equal(1, log.SegmentCount);
        }

        using var again = Open(Directory);
        Assert.Equal(new LogIndex(50), again.LastIndex);
        again.Save(EntryAt(51));
    }

    [Fact]
    public void Compact_SegmentWithAnOverwrittenHigherIndex_IsKeptUntilThatIsCovered()
    {
        using var log = Open(Directory);
        log.Save(Entries(1, 10, size: 1000));
        log.Save(Entries(2, 3, term: 2, size: 9000));
        Assert.Equal(2, log.SegmentCount);

        Assert.Equal(0, log.Compact(new LogIndex(3)));
        Assert.Equal(1, log.Compact(new LogIndex(10)));
    }

    [Fact]
    public void Flush_SyncFails_RefusesEverythingFromThenOn()
    {
        using var log = Open(Directory, files: _files);
        log.Save(EntryAt(1));
        _files.OnSync = _ => new IOException("Input/output error");

        log.Append(null, null, [EntryAt(2)]);
        var error = Assert.Throws<WalFailedException>(log.Flush);
        Assert.Contains(Directory, error.Message);

        // The disk claims to be well again, which says nothing about the pages it has dropped.
        _files.OnSync = _ => null;
        var syncs = _files.Syncs;
        Assert.True(log.HasFailed);
        Assert.Throws<WalFailedException>(log.Flush);
        Assert.Throws<WalFailedException>(() => log.Append(null, null, [EntryAt(2)]));
        Assert.Throws<WalFailedException>(() => log.Compact(new LogIndex(1)));
        Assert.Equal(syncs, _files.Syncs);
    }

    [Fact]
    public void Flush_WriteFails_RefusesEverythingFromThenOn()
    {
        using var log = Open(Directory, files: _files);
        _files.OnWrite = _ => new IOException("Input/output error");
        log.Append(null, null, [EntryAt(1)]);

        Assert.Throws<WalFailedException>(log.Flush);
        _files.OnWrite = _ => null;
        Assert.Throws<WalFailedException>(log.Flush);
    }

    [Fact]
    public void Flush_NoSpaceForTheNextSegment_SaysSoBeforeTheActiveOneIsFullAndRecovers()
    {
        using (var log = Open(Directory, files: _files))
        {
            Assert.True(log.HasRoom);
            _files.OnCreate = DiskErrors.DiskFull;
            var index = 0;
            while (log.HasRoom)
            {
                log.Save(EntryAt(++index, size: 1000));
            }

            // The reserved segment took one roll; votes still fit.
            Assert.Equal(2, log.SegmentCount);
            log.Append(new HardState(new Term(9), new NodeId("n1"), LogIndex.Zero), null, []);
            log.Flush();

            log.Append(null, null, Entries(index + 1, index + 20, size: 1000));
            Assert.Throws<WalDiskFullException>(log.Flush);
            Assert.Throws<WalDiskFullException>(log.Flush);
            Assert.False(log.HasFailed);

            _files.OnCreate = _ => null;
            log.Flush();
            Assert.True(log.HasRoom);
            Assert.Equal(new LogIndex(index + 20), log.DurableIndex);
        }

        using var again = Open(Directory);
        AssertSame(Entries(1, again.LastIndex.Value, size: 1000), again.Recovered.Entries);
        Assert.Equal(new Term(9), again.Recovered.HardState.Term);
    }

    [Fact]
    public void Flush_NoSpaceInTheMiddleOfAWrite_CountsNothingAndWritesAllLater()
    {
        using (var log = Open(Directory, files: _files))
        {
            log.Save(EntryAt(1));
            _files.OnWrite = DiskErrors.DiskFull;
            log.Append(null, null, Entries(2, 4));
            Assert.Throws<WalDiskFullException>(log.Flush);
            Assert.Equal(new LogIndex(1), log.DurableIndex);
            AssertSame(Entries(1, 2), WriteAheadLog.Inspect(Directory, Small).Entries);

            _files.OnWrite = _ => null;
            log.Append(null, null, Entries(5, 5));
            log.Flush();
        }

        using var again = Open(Directory);
        AssertSame(Entries(1, 5), again.Recovered.Entries);
    }

    [Fact]
    public void Flush_NoSpaceInTheMiddleOfAWriteAndThenARoll_LeavesNoDamageBehind()
    {
        using (var log = Open(Directory, files: _files))
        {
            log.Save(EntryAt(1));
            _files.OnWrite = DiskErrors.DiskFull;
            log.Append(null, null, Entries(2, 4));
            Assert.Throws<WalDiskFullException>(log.Flush);

            _files.OnWrite = _ => null;
            log.Append(null, null, [EntryAt(5, size: Small.SegmentBytes)]);
            log.Flush();
            Assert.Equal(2, log.SegmentCount);
        }

        using var again = Open(Directory);
        Assert.Equal(new LogIndex(5), again.LastIndex);
        Assert.Equal(5, again.Recovered.Entries.Count);
    }

    [Fact]
    public void Open_NoSpaceForTheFirstSegment_IsDiskFull()
    {
        _files.OnCreate = DiskErrors.DiskFull;
        var error = Assert.Throws<WalDiskFullException>(() => Open(Directory, files: _files));
        Assert.Contains(Directory, error.Message);
    }

    [Fact]
    public void Open_Twice_RefusesTheSecondAndNamesTheDirectory()
    {
        var first = Open(Directory);
        var error = Assert.Throws<DataDirectoryException>(() => Open(Directory));
        Assert.Contains(Directory, error.Message);
        Assert.Contains("in use", error.Message);

        first.Dispose();
        using var second = Open(Directory);
    }

    [Fact]
    public void Open_DirectoryCannotBeCreated_IsOneLineWithThePath()
    {
        File.WriteAllText(_temp.Sub("file"), "");
        var path = Path.Combine(_temp.Sub("file"), "wal");

        var error = Assert.Throws<DataDirectoryException>(() => Open(path));

        Assert.Contains(path, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Open_SegmentBytesOutOfRange_Throws() =>
        Assert.Throws<ArgumentException>(() => Open(Directory, Small with { SegmentBytes = 100 }));
}
