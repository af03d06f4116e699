using System.Net;
using Microsoft.Extensions.Logging;
using Quorate.Core.Raft;

namespace Quorate.Node.Diagnostics;

/// <summary>What the transport has to say. Event ids 2100-2199.</summary>
internal static partial class TransportLog
{
    [LoggerMessage(2100, LogLevel.Information, "Node {Node} listens on {Address}.")]
    public static partial void Listening(ILogger logger, NodeId node, EndPoint address);

    [LoggerMessage(2101, LogLevel.Information, "{Node} is connected to {Peer} at {Address}.")]
    public static partial void Connected(ILogger logger, NodeId node, NodeId peer, EndPoint address);

    [LoggerMessage(2102, LogLevel.Warning, "{Node} has no connection to {Peer} at {Address}: {Reason}")]
    public static partial void LinkDown(ILogger logger, NodeId node, NodeId peer, EndPoint address, string reason);

    [LoggerMessage(2103, LogLevel.Warning, "{Node} lost the connection from {Peer}: {Reason}")]
    public static partial void PeerLost(ILogger logger, NodeId node, NodeId peer, string reason);

    [LoggerMessage(2104, LogLevel.Warning, "{Node} closed the connection from {Remote}: {Reason}")]
    public static partial void ConnectionClosed(ILogger logger, NodeId node, EndPoint? remote, string reason);

    [LoggerMessage(2105, LogLevel.Warning, "{Node} could not accept a connection and goes on: {Reason}")]
    public static partial void AcceptFailed(ILogger logger, NodeId node, string reason);

    [LoggerMessage(2106, LogLevel.Error, "{Kind} of up to {Size} bytes for {Peer} does not fit into a frame of {Limit} bytes and was dropped.")]
    public static partial void TooLarge(ILogger logger, string kind, int size, NodeId peer, int limit);

    [LoggerMessage(2107, LogLevel.Warning, "{Node} isolated from its peers: {Isolated}.")]
    public static partial void Isolated(ILogger logger, NodeId node, bool isolated);
}
