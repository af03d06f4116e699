using Microsoft.Extensions.Logging;

namespace Quorate.Node.Diagnostics;

/// <summary>What a node logs about itself. Event ids 1000-1099.</summary>
internal static partial class NodeLog
{
    [LoggerMessage(1000, LogLevel.Information, "Node {Node} started with {Entries} log entries after snapshot {Snapshot}, term {Term}")]
    public static partial void Started(ILogger logger, string node, int entries, long snapshot, long term);

    [LoggerMessage(1001, LogLevel.Information, "Node {Node} is now {Role} in term {Term}, leader {Leader}")]
    public static partial void RoleChanged(ILogger logger, string node, string role, long term, string leader);

    [LoggerMessage(1002, LogLevel.Critical, "Node {Node} stops: {Reason}")]
    public static partial void Failed(ILogger logger, string node, string reason);

    [LoggerMessage(1003, LogLevel.Information, "Node {Node} took a snapshot at entry {Index}")]
    public static partial void SnapshotTaken(ILogger logger, string node, long index);

    [LoggerMessage(1004, LogLevel.Error, "Node {Node} could not write the snapshot at entry {Index}; the log keeps everything and it will be tried again")]
    public static partial void SnapshotFailed(ILogger logger, string node, long index, Exception error);

    [LoggerMessage(1005, LogLevel.Information, "Node {Node} restored the snapshot at entry {Index} from the leader")]
    public static partial void SnapshotRestored(ILogger logger, string node, long index);

    [LoggerMessage(1006, LogLevel.Warning, "Node {Node} found snapshot {Snapshot} ahead of or apart from its log, which ends at {Last}: the log begins anew after the snapshot")]
    public static partial void LogReplaced(ILogger logger, string node, long snapshot, long last);
}
