using System.Net;
using Quorate.Core.Raft;

namespace Quorate.Node.Transport;

/// <summary>How a node's connections to one peer are doing.</summary>
/// <param name="ConnectedSince">Of the connection that this node sends on; null while there is none.</param>
/// <param name="ReceivingSince">Of the connection that the peer sends on; null while there is none.</param>
/// <param name="LastError">Why the last attempt or connection ended; null when none has failed.</param>
/// <param name="QueuedMessages">Waiting to be sent.</param>
/// <param name="Dropped">Messages not sent because the queue was full or there was no connection.</param>
public sealed record LinkState(
    NodeId Peer, EndPoint Address, DateTimeOffset? ConnectedSince, DateTimeOffset? ReceivingSince, string? LastError,
    int QueuedMessages, long QueuedBytes, long Dropped, long SentMessages, long SentBytes, long ReceivedMessages, long ReceivedBytes);
