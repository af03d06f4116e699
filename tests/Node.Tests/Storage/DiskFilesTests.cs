using Quorate.Node.Storage;

namespace Quorate.Node.Tests.Storage;

public sealed class DiskFilesTests : IDisposable
{
    private readonly TempDirectory _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Create_OverAnOldFile_ReservesZeros()
    {
        var path = _temp.Sub("file");
        File.WriteAllBytes(path, [1, 2, 3]);

        using var file = DiskFiles.Instance.Create(path, 10_000);

        var content = new byte[20_000];
        Assert.Equal(10_000, file.Length);
        Assert.Equal(10_000, file.Read(content, 0));
        Assert.Equal(-1, content.AsSpan().IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public void Write_OnAFullDevice_IsDiskFull()
    {
        if (!File.Exists("/dev/full"))
        {
            Assert.False(OperatingSystem.IsLinux(), "Linux has /dev/full");
            return;
        }

        using var handle = File.OpenHandle("/dev/full", FileMode.Open, FileAccess.Write);
        var error = Assert.ThrowsAny<IOException>(() =>
        {
            using var stream = new FileStream(handle, FileAccess.Write, bufferSize: 0);
            stream.WriteByte(1);
        });
        Assert.True(DiskErrors.IsDiskFull(error), error.ToString());
    }

    [Fact]
    public void Replace_ExistingFile_HasTheNewContentAndNoLeftover()
    {
        var path = _temp.Sub("file");
        DurableFile.Replace(path, "one"u8);
        DurableFile.Replace(path, "two"u8);

        Assert.Equal("two", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_temp.Path));
    }
}
