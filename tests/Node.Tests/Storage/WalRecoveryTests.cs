using Quorate.Core.Raft;
using Quorate.Node.Storage;
using static Quorate.Node.Tests.Storage.WalFixture;

namespace Quorate.Node.Tests.Storage;

public sealed class WalRecoveryTests : IDisposable
{
    private readonly TempDirectory _temp = new();

    private string Directory => _temp.Sub("wal");

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Open_NewDirectory_IsEmpty()
    {
        using var log = Open(Directory);

        Assert.Equal(default, log.Recovered.HardState);
        Assert.Empty(log.Recovered.Entries);
        Assert.Equal(LogIndex.Zero, log.LastIndex);
    }

    [Fact]
    public void Open_AfterCleanEnd_HasStateAndEntriesAndGoesOn()
    {
        var state = new HardState(new Term(3), new NodeId("n2"), new LogIndex(2));
        using (var log = Open(Directory))
        {
            log.Append(state, null, Entries(1, 3));
            log.Flush();
        }

        using (var log = Open(Directory))
        {
            Assert.Equal(state, log.Recovered.HardState);
            Assert.Null(log.Recovered.Torn);
            AssertSame(Entries(1, 3), log.Recovered.Entries);
            log.Save(EntryAt(4));
        }

        using var again = Open(Directory);
        AssertSame(Entries(1, 4), again.Recovered.Entries);
        Assert.Equal(1, again.SegmentCount);
    }

    [Fact]
    public void Append_NotFlushed_IsNotThereAfterwards()
    {
        using (var log = Open(Directory))
        {
            log.Save(EntryAt(1));
            log.Append(null, null, Entries(2, 2));
            Assert.Equal(new LogIndex(2), log.LastIndex);
            Assert.Equal(new LogIndex(1), log.DurableIndex);
        }

        using var again = Open(Directory);
        AssertSame(Entries(1, 1), again.Recovered.Entries);
    }

    public enum Tail
    {
        Truncated,
        Zeros,
        Garbage,
    }

    [Theory]
    [InlineData(Tail.Truncated)]
    [InlineData(Tail.Zeros)]
    [InlineData(Tail.Garbage)]
    public void Open_LastRecordCutAtEveryByte_KeepsWhatWasBeforeAndGoesOn(Tail tail)
    {
        int start;
        using (var log = Open(Directory))
        {
            log.Save(EntryAt(1));
            log.Save(EntryAt(2));
            start = EndOfContent(SegmentFiles(Directory)[0]);
            log.Save(EntryAt(3));
        }

        var whole = File.ReadAllBytes(SegmentFiles(Directory)[0]);
        var end = EndOfContent(SegmentFiles(Directory)[0]);
        for (var cut = start; cut < end; cut++)
        {
            var directory = _temp.Sub($"cut-{cut}");
            System.IO.Directory.CreateDirectory(directory);
            File.WriteAllBytes(Path.Combine(directory, Path.GetFileName(SegmentFiles(Directory)[0])), Damage(whole, cut, tail));
            using (var log = Open(directory))
            {
                AssertSame(Entries(1, 2), log.Recovered.Entries);
                Assert.Equal(tail == Tail.Garbage || cut > start, log.Recovered.Torn is not null);
                log.Save(EntryAt(3, term: 2));
            }

            using var again = Open(directory);
            AssertSame([.. Entries(1, 2), EntryAt(3, term: 2)], again.Recovered.Entries);
            Assert.Null(again.Recovered.Torn);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Open_BitFlippedInAnyByteOfAMiddleRecord_RefusesWithFileAndOffset(bool oneBatch)
    {
        int start;
        int end;
        using (var log = Open(Directory))
        {
            log.Save(EntryAt(1));
            start = EndOfContent(SegmentFiles(Directory)[0]);
            log.Append(null, null, Entries(2, 2));
            if (!oneBatch)
            {
                log.Flush();
            }

            log.Save(EntryAt(3));
            end = start + (EndOfContent(SegmentFiles(Directory)[0]) - start) / 2;
        }

        var path = SegmentFiles(Directory)[0];
        var whole = File.ReadAllBytes(path);
        for (var offset = start; offset < end; offset++)
        {
            for (var bit = 0; bit < 8; bit += 3)
            {
                var damaged = (byte[])whole.Clone();
                damaged[offset] ^= (byte)(1 << bit);
                File.WriteAllBytes(path, damaged);
                var error = Assert.Throws<WalCorruptedException>(() => Open(Directory));
                Assert.Equal(path, error.File);
                Assert.Equal(start, error.Offset);
                Assert.Contains(path, error.Message);
                Assert.Contains($"offset {start}", error.Message);
            }
        }
    }

    [Fact]
    public void Open_PageOfTheLastBatchNeverWritten_CutsThere()
    {
        int start;
        using (var log = Open(Directory))
        {
            log.Save(EntryAt(1));
            start = EndOfContent(SegmentFiles(Directory)[0]);
            log.Save(Entries(2, 9, size: 300));
        }

        var path = SegmentFiles(Directory)[0];
        var bytes = File.ReadAllBytes(path);
        var lost = (start / 512 + 1) * 512;
        bytes.AsSpan(lost, 512).Clear();
        File.WriteAllBytes(path, bytes);

        using var opened = Open(Directory);
        Assert.NotNull(opened.Recovered.Torn);
        AssertSame(Entries(1, opened.LastIndex.Value, size: 300)[1..], opened.Recovered.Entries.Skip(1).ToList());
        Assert.InRange(opened.LastIndex.Value, 1, 3);
    }

    [Fact]
    public void Open_PageOfAnEarlierBatchZeroed_Refuses()
    {
        int start;
        using (var log = Open(Directory))
        {
            log.Save(EntryAt(1));
            start = EndOfContent(SegmentFiles(Directory)[0]);
            log.Save(Entries(2, 9, size: 300));
            log.Save(EntryAt(10));
        }

        var path = SegmentFiles(Directory)[0];
        var bytes = File.ReadAllBytes(path);
        bytes.AsSpan((start / 512 + 1) * 512, 512).Clear();
        File.WriteAllBytes(path, bytes);

        Assert.Throws<WalCorruptedException>(() => Open(Directory));
    }

    [Fact]
    public void Open_SegmentMissing_RefusesAndNamesIt()
    {
        FillSegments(4);
        var missing = SegmentFiles(Directory)[1];
        File.Delete(missing);

        var error = Assert.Throws<WalCorruptedException>(() => Open(Directory));
        Assert.Equal(missing, error.File);
    }

    [Fact]
    public void Open_EndOfAFullSegmentDamaged_Refuses()
    {
        FillSegments(3);
        var path = SegmentFiles(Directory)[0];
        var bytes = File.ReadAllBytes(path);
        var end = EndOfContent(path);
        bytes.AsSpan(end - 1, 1).Clear();
        File.WriteAllBytes(path, bytes);

        var error = Assert.Throws<WalCorruptedException>(() => Open(Directory));
        Assert.Equal(path, error.File);
        Assert.InRange(error.Offset, 4096, end);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(20)]
    public void Open_HeaderDamaged_Refuses(int offset)
    {
        using (var log = Open(Directory))
        {
            log.Save(EntryAt(1));
        }

        var path = SegmentFiles(Directory)[0];
        var bytes = File.ReadAllBytes(path);
        bytes[offset] ^= 4;
        File.WriteAllBytes(path, bytes);

        var error = Assert.Throws<WalCorruptedException>(() => Open(Directory));
        Assert.Equal(path, error.File);
    }

    [Fact]
    public void Open_LogOfAnotherNode_Refuses()
    {
        using (Open(Directory, Small with { Node = new NodeId("n1") }))
        {
        }

        var error = Assert.Throws<DataDirectoryException>(() => Open(Directory, Small with { Node = new NodeId("n2") }));
        Assert.Contains("'n1'", error.Message);
        Assert.Contains("'n2'", error.Message);
    }

    [Fact]
    public void Open_RecordsOfAnotherSegmentInTheTail_AreNotTaken()
    {
        // What a client stores may look like a log: only this segment's own records count.
        var other = _temp.Sub("other");
        using (var log = Open(other))
        {
            log.Save(Entries(1, 3));
        }

        using (var log = Open(Directory))
        {
            log.Save(EntryAt(1));
        }

        var path = SegmentFiles(Directory)[0];
        var bytes = File.ReadAllBytes(path);
        var end = EndOfContent(path);
        File.ReadAllBytes(SegmentFiles(other)[0]).AsSpan(4096, 300).CopyTo(bytes.AsSpan(end));
        File.WriteAllBytes(path, bytes);

        using var opened = Open(Directory);
        AssertSame(Entries(1, 1), opened.Recovered.Entries);
    }

    [Fact]
    public void Inspect_TornLog_ReportsAndChangesNothing()
    {
        using (var log = Open(Directory))
        {
            log.Save(EntryAt(1));
            log.Save(EntryAt(2));
        }

        var path = SegmentFiles(Directory)[0];
        var bytes = File.ReadAllBytes(path)[..(EndOfContent(path) - 3)];
        File.WriteAllBytes(path, bytes);

        var found = WriteAheadLog.Inspect(Directory, Small);

        AssertSame(Entries(1, 1), found.Entries);
        Assert.Equal(path, found.Torn?.File);
        Assert.Equal(bytes, File.ReadAllBytes(path));
        Assert.Single(SegmentFiles(Directory));
    }

    [Fact]
    public void Open_TornTail_IsLogged()
    {
        using (var log = Open(Directory))
        {
            log.Save(EntryAt(1));
            log.Save(EntryAt(2));
        }

        var path = SegmentFiles(Directory)[0];
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..(EndOfContent(path) - 3)]);
        var logger = new RecordingLogger();
        using var opened = WriteAheadLog.Open(Directory, Small, logger);

        Assert.Contains(logger.Lines, line => line.Text.Contains(path, StringComparison.Ordinal) && line.Text.Contains("entry 1", StringComparison.Ordinal));
    }

    private static byte[] Damage(byte[] whole, int cut, Tail tail)
    {
        var damaged = tail == Tail.Truncated ? whole[..cut] : (byte[])whole.Clone();
        if (tail != Tail.Truncated)
        {
            damaged.AsSpan(cut).Clear();
        }

        if (tail == Tail.Garbage)
        {
            new Random(cut).NextBytes(damaged.AsSpan(cut, 1000));
        }

        return damaged;
    }

    private void FillSegments(int count)
    {
        using var log = Open(Directory);
        for (long index = 1; log.SegmentCount < count; index++)
        {
            log.Save(EntryAt(index, size: 2000));
        }
    }
}
