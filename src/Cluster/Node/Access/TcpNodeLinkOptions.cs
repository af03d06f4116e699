using Quorate.Core.Raft;
using Quorate.Node.Transport;

namespace Quorate.Node.Access;

/// <summary>How a client connects to a node.</summary>
public sealed record TcpNodeLinkOptions
{
    /// <summary>What the client calls itself in the nodes' log lines; 1 to 64 characters.</summary>
    public string ClientName { get; init; } = "client";

    /// <summary>The cluster's secret; null when it has none.</summary>
    public string? Secret { get; init; }

    /// <summary>Null: connections are not encrypted.</summary>
    public TlsOptions? Tls { get; init; }

    /// <summary>Wait before the first attempt to connect again; doubled after each failure, with a jitter of half of it.</summary>
    public TimeSpan ReconnectMin { get; init; } = TimeSpan.FromMilliseconds(20);

    public TimeSpan ReconnectMax { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>For connecting and for each step of the handshake.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Bytes of requests that may wait to be sent; beyond it proposals are refused as overload.</summary>
    public int QueuedRequestBytes { get; init; } = 64 << 20;

    internal NodeId Client => new(ClientName);
}
