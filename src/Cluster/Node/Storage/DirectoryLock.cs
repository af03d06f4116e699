namespace Quorate.Node.Storage;

/// <summary>Keeps a data directory to one process: two writers would tear each other's log apart.</summary>
public sealed class DirectoryLock : IDisposable
{
    private const string FileName = "LOCK";

    private readonly FileStream _file;

    private DirectoryLock(FileStream file) => _file = file;

    /// <summary>Creates the directory when it is missing. The operating system releases the lock when the process ends, however it ends.</summary>
    /// <exception cref="DataDirectoryException">Another process holds it, or it cannot be written.</exception>
    /// <exception cref="StorageException">There is no space.</exception>
    public static DirectoryLock Acquire(string directory)
    {
        DurableFile.CreateDirectory(directory);
        var path = Path.Combine(Path.GetFullPath(directory), FileName);
        try
        {
            return new DirectoryLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new DataDirectoryException($"cannot write to the directory {directory}: {e.Message} Check its owner and permissions.", e);
        }
        catch (IOException e) when (DiskErrors.IsDiskFull(e))
        {
            throw new StorageException($"no space left on the disk of {directory}.", e);
        }
        catch (IOException e)
        {
            throw new DataDirectoryException($"the directory {directory} is in use by another process (which holds {path}). Stop it, or choose another directory.", e);
        }
    }

    public void Dispose() => _file.Dispose();
}
