using Microsoft.Extensions.Logging.Abstractions;
using Quorate.Core.Raft;
using Quorate.Node.Storage;

namespace Quorate.Node.Commands;

/// <summary>Makes a data directory out of a backup, which is a snapshot file.</summary>
internal static class RestoreCommand
{
    private const int CopyBytes = 1 << 20;

    /// <exception cref="DataDirectoryException">The directory is not empty or cannot be written.</exception>
    /// <exception cref="StorageException">The disk refuses.</exception>
    public static int Run(string from, string directory, TextWriter output)
    {
        if (!File.Exists(from))
        {
            return NodeCommandLine.Complain(ExitCode.Configuration, $"--from: there is no file {from}");
        }

        if (Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Any())
        {
            throw new DataDirectoryException($"{Path.GetFullPath(directory)} is not empty. Restore into a new directory.");
        }

        var backup = SnapshotCheck.Of(from);
        if (backup.Damage is not null)
        {
            return NodeCommandLine.Complain(ExitCode.Fault, backup.Damage);
        }

        var meta = backup.Meta!;
        var layout = new DataLayout(directory);
        WriteLog(layout, meta);
        CopySnapshot(layout, meta, from);
        output.WriteLine($"restored entry {meta.Index} of term {meta.Term} into {Path.GetFullPath(directory)}");
        output.WriteLine($"members: {meta.Membership}");
        return ExitCode.Fine;
    }

    // The log first: it names the snapshot, so a restore that was interrupted in between is refused at start and not taken for
    // an empty node. The term goes on from the backup's, for later entries must not have an earlier one.
    private static void WriteLog(DataLayout layout, SnapshotMeta meta)
    {
        using var log = WriteAheadLog.Open(layout.Log, new WalOptions(), NullLogger.Instance);
        log.Append(new HardState(meta.Term, NodeId.None, meta.Index), meta, []);
        log.Flush();
    }

    private static void CopySnapshot(DataLayout layout, SnapshotMeta meta, string from)
    {
        using var store = new SnapshotStore(layout.Snapshots, GroupId.Default, NullLogger.Instance);
        using var source = File.OpenRead(from);
        var buffer = new byte[CopyBytes];
        var offset = 0L;
        var done = false;
        while (!done)
        {
            var read = source.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            done = offset + read == source.Length;
            var progress = store.ReceiveChunk(meta, offset, buffer.AsSpan(0, read), done);
            if (done != progress.Installed)
            {
                throw new StorageException($"{from} changed while it was read. Try again with a file that nobody writes to.");
            }

            offset += read;
        }
    }
}
