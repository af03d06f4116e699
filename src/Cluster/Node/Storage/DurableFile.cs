using Microsoft.Win32.SafeHandles;

namespace Quorate.Node.Storage;

/// <summary>Files and names that are still there after a power failure.</summary>
public static class DurableFile
{
    /// <summary>Makes creations, renames and deletions in <paramref name="directory"/> durable.</summary>
    public static void SyncDirectory(string directory) => NativeFile.SyncDirectory(directory);

    /// <summary>Makes the contents of an open file durable.</summary>
    public static void Sync(SafeFileHandle handle, string path) => NativeFile.SyncData(handle, path);

    /// <summary>Gives a durable file its final name, replacing what has it: afterwards there is the old or the new one, whole.</summary>
    public static void Rename(string from, string to)
    {
        File.Move(from, to, overwrite: true);
        SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(to))!);
    }

    /// <summary>Replaces a small file atomically.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> contents)
    {
        var temporary = path + ".tmp";
        using (var handle = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(handle, contents, 0);
            Sync(handle, temporary);
        }

        Rename(temporary, path);
    }

    /// <summary>Creates a directory with its parents, each name durable.</summary>
    /// <exception cref="DataDirectoryException">It cannot be created or written.</exception>
    public static void CreateDirectory(string directory)
    {
        var full = Path.GetFullPath(directory);
        try
        {
            CreateWithParents(full);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataDirectoryException($"cannot create the directory {full}: {e.Message} Check its owner and permissions.", e);
        }
    }

    private static void CreateWithParents(string directory)
    {
        if (Directory.Exists(directory))
        {
            return;
        }

        var parent = Path.GetDirectoryName(directory);
        if (parent is not null)
        {
            CreateWithParents(parent);
        }

        Directory.CreateDirectory(directory);
        if (parent is not null)
        {
            SyncDirectory(parent);
        }
    }
}
