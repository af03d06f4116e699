using Microsoft.Extensions.Logging;
using Quorate.Core.StateMachine.Blobs;

namespace Quorate.Node.Diagnostics;

/// <summary>What a node has to say about the content of blobs. Event ids 2300-2399.</summary>
internal static partial class BlobLog
{
    [LoggerMessage(2300, LogLevel.Warning, "Node {Node}: chunk {Chunk} is damaged on this disk. It was set aside and is fetched from another node. Check the disk.")]
    public static partial void Damaged(ILogger logger, string node, Digest chunk);

    [LoggerMessage(2301, LogLevel.Debug, "Node {Node}: chunk {Chunk} could not be fetched from {Source}: {Reason}")]
    public static partial void NotFetched(ILogger logger, string node, Digest chunk, string source, string reason);

    [LoggerMessage(2302, LogLevel.Warning, "Node {Node}: the directory of the chunks cannot be worked on: {Reason}")]
    public static partial void DiskFailed(ILogger logger, string node, string reason);
}
