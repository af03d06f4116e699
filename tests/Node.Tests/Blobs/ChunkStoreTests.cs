using Quorate.Core.StateMachine.Blobs;
using Quorate.Node.Blobs;

namespace Quorate.Node.Tests.Blobs;

public sealed class ChunkStoreTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly byte[] _buffer = new byte[BlobLimits.ChunkBytes];
    private readonly ChunkStore _store;

    public ChunkStoreTests() => _store = new ChunkStore(_directory.Path);

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(BlobLimits.ChunkBytes)]
    public void Store_AnySize_IsReadBackAsItWas(int size)
    {
        var (digest, data) = Chunks.Random(size);
        _store.Store(digest, data);

        Assert.Equal(size, _store.Read(digest, _buffer));
        Assert.Equal(data, _buffer[..size]);
        Assert.True(new ChunkStore(_directory.Path).Has(digest));
    }

    [Fact]
    public void Store_TheSameFromManyThreads_IsThereOnce()
    {
        var chunks = Enumerable.Range(0, 6).Select(_ => Chunks.Random(5000)).ToList();

        Parallel.For(0, 60, i => _store.Store(chunks[i % 6].Digest, chunks[i % 6].Data));

        Assert.Equal(6, _store.All().Count());
        Assert.Equal((6, 6 * 5000), (_store.Chunks, _store.Bytes));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_directory.Path, "tmp")));
    }

    [Fact]
    public void Read_AChunkWithAFlippedBit_IsNotAnsweredAndSetAside()
    {
        var (digest, data) = Chunks.Random(1000);
        var damaged = new List<Digest>();
        _store.FoundDamaged += damaged.Add;
        _store.Store(digest, data);
        Chunks.FlipBit(Chunks.FileOf(_directory.Path, digest));

        Assert.Null(_store.Read(digest, _buffer));

        Assert.Equal([digest], damaged);
        Assert.Equal((1, 0), (_store.Corrupt, _store.Repaired));
        Assert.False(_store.Has(digest));
        Assert.True(File.Exists(Chunks.FileOf(_directory.Path, digest) + ".damaged"));
    }

    [Theory]
    [InlineData(999)]
    [InlineData(1001)]
    [InlineData(0)]
    public void Read_AChunkOfAnotherLength_IsNotAnswered(int length)
    {
        var (digest, data) = Chunks.Random(1000);
        _store.Store(digest, data);
        using (var file = File.OpenWrite(Chunks.FileOf(_directory.Path, digest)))
        {
            file.SetLength(length);
        }

        Assert.Null(_store.Read(digest, _buffer));
        Assert.Equal(1, _store.Corrupt);
    }

    [Fact]
    public void Store_InPlaceOfADamagedOne_Repairs()
    {
        var (digest, data) = Chunks.Random(1000);
        _store.Store(digest, data);
        Chunks.FlipBit(Chunks.FileOf(_directory.Path, digest));
        _store.Read(digest, _buffer);

        _store.Store(digest, data);

        Assert.Equal(1000, _store.Read(digest, _buffer));
        Assert.Equal((1, 1), (_store.Corrupt, _store.Repaired));
        Assert.False(File.Exists(Chunks.FileOf(_directory.Path, digest) + ".damaged"));
    }

    [Fact]
    public void Read_AChunkThatIsNotThere_IsNoDamage()
    {
        Assert.Null(_store.Read(Chunks.Random(10).Digest, _buffer));
        Assert.Equal(0, _store.Corrupt);
    }

    [Fact]
    public void Open_AfterACrashInTheMiddleOfWriting_ForgetsWhatWasHalf()
    {
        var (digest, data) = Chunks.Random(1000);
        _store.Store(digest, data);
        var half = Path.Combine(_directory.Path, "tmp", "7");
        File.WriteAllBytes(half, data[..500]);

        var reopened = new ChunkStore(_directory.Path);

        Assert.False(File.Exists(half));
        Assert.Equal([digest], reopened.All().Select(item => item.Chunk));
    }

    [Fact]
    public void Collect_AChunkThatSomebodyAskedForSince_Stays()
    {
        var (digest, data) = Chunks.Random(1000);
        _store.Store(digest, data);
        File.SetLastWriteTimeUtc(Chunks.FileOf(_directory.Path, digest), DateTime.UtcNow.AddHours(-2));
        var before = DateTime.UtcNow.AddHours(-1);
        Assert.True(_store.Touch(digest));
        Assert.False(_store.Collect(digest, before));

        File.SetLastWriteTimeUtc(Chunks.FileOf(_directory.Path, digest), DateTime.UtcNow.AddHours(-2));
        Assert.True(_store.Collect(digest, before));

        Assert.False(_store.Has(digest));
        Assert.Equal((0, 0, 1), (_store.Chunks, _store.Bytes, _store.Collected));
    }

    public void Dispose() => _directory.Dispose();
}
