using Microsoft.Extensions.Logging;

namespace Quorate.Node.Diagnostics;

/// <summary>What the storage has to say. Event ids 2000-2099.</summary>
internal static partial class StorageLog
{
    [LoggerMessage(2000, LogLevel.Warning, "Cut an interrupted write at offset {Offset} of {File}; the log ends at entry {LastIndex}.")]
    public static partial void TornTail(ILogger logger, string file, long offset, long lastIndex);

    [LoggerMessage(2001, LogLevel.Critical, "Writing {File} failed; the log refuses everything from here on.")]
    public static partial void WalFailed(ILogger logger, string file, Exception cause);

    [LoggerMessage(2002, LogLevel.Error, "No space on the disk of {Directory} for the next log segment; {Room} bytes are left in this one. New entries are refused until there is space.")]
    public static partial void DiskFull(ILogger logger, string directory, long room);

    [LoggerMessage(2003, LogLevel.Information, "There is space again on the disk of {Directory}; new entries are accepted.")]
    public static partial void DiskHasSpaceAgain(ILogger logger, string directory);

    [LoggerMessage(2004, LogLevel.Debug, "Deleted {Segments} log segments up to entry {Index}.")]
    public static partial void Compacted(ILogger logger, int segments, long index);

    [LoggerMessage(2005, LogLevel.Warning, "Cannot delete {File}, which is no longer needed; it is tried again with the next compaction.")]
    public static partial void SegmentNotDeleted(ILogger logger, string file, Exception cause);

    [LoggerMessage(2010, LogLevel.Error, "Snapshot {File} is damaged ({Reason}); it is set aside and the one before is used.")]
    public static partial void SnapshotDamaged(ILogger logger, string file, string reason);

    [LoggerMessage(2011, LogLevel.Information, "Snapshot at entry {Index} is complete: {Bytes} bytes.")]
    public static partial void SnapshotCommitted(ILogger logger, long index, long bytes);

    [LoggerMessage(2012, LogLevel.Warning, "The snapshot at entry {Index} received from the leader is damaged ({Reason}); it is asked for again.")]
    public static partial void ReceivedSnapshotDamaged(ILogger logger, long index, string reason);

    [LoggerMessage(2013, LogLevel.Warning, "Cannot delete {File}, which is no longer needed.")]
    public static partial void SnapshotNotDeleted(ILogger logger, string file, Exception cause);
}
