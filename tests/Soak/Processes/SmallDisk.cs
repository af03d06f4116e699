using System.Globalization;

namespace Quorate.Soak.Processes;

/// <summary>A file system of its own in memory, small enough to be filled: the log segments of a few rounds fit, and not much more.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const int Megabytes = 512;
    private const int ChunkBytes = 1 << 20;
    private const string FillerName = "filler";

    private SmallDisk(string directory) => Directory = directory;

    public string Directory { get; }

    private string Filler => Path.Combine(Directory, FillerName);

    /// <summary>Null where this user may not mount anything.</summary>
    public static SmallDisk? TryMount(string directory)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return null;
        }

        System.IO.Directory.CreateDirectory(directory);
        var size = string.Create(CultureInfo.InvariantCulture, $"size={Megabytes}m,mode=0700");
        return HostCommand.Run("mount", "-t", "tmpfs", "-o", size, "quorate-soak", directory) ? new SmallDisk(directory) : null;
    }

    /// <summary>Takes all the space that is left.</summary>
    public void Fill()
    {
        using var filler = new FileStream(Filler, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var chunk = new byte[ChunkBytes];
        for (var written = 0; written < Megabytes && TryWrite(filler, chunk); written++)
        {
        }
    }

    public void Free() => File.Delete(Filler);

    public void Dispose()
    {
        if (!HostCommand.Run("umount", Directory))
        {
            throw new SoakFailure($"{Directory} is still mounted: umount it by hand");
        }

        System.IO.Directory.Delete(Directory);
    }

    private static bool TryWrite(FileStream file, byte[] chunk)
    {
        try
        {
            file.Write(chunk);
            return true;
        }
        catch (IOException e) when (Node.Storage.DiskErrors.IsDiskFull(e))
        {
            return false;
        }
    }
}
