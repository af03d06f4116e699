using Microsoft.Extensions.Logging;
using Quorate.Core.Raft;

namespace Quorate.Node.Diagnostics;

/// <summary>What a client's links to nodes have to say. Event ids 2200-2299.</summary>
internal static partial class LinkLog
{
    [LoggerMessage(2200, LogLevel.Information, "Connected to {Node} at {Address}.")]
    public static partial void Connected(ILogger logger, NodeId node, string address);

    [LoggerMessage(2201, LogLevel.Warning, "No connection to {Node} at {Address}: {Reason}")]
    public static partial void Down(ILogger logger, NodeId node, string address, string reason);
}
