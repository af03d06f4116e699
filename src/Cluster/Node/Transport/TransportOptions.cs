using System.Net;
using Quorate.Core.Raft;

namespace Quorate.Node.Transport;

/// <summary>How a node talks to other nodes.</summary>
public sealed record TransportOptions
{
    /// <summary>This node.</summary>
    public required NodeId Node { get; init; }

    /// <summary>Where to listen. Port 0 takes a free one; see <see cref="TcpTransport.LocalEndPoint"/>.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>Shared by all nodes and clients of the cluster; both ends of a connection prove that they know it. Null: nobody has to.</summary>
    public string? Secret { get; init; }

    /// <summary>Null: connections are not encrypted.</summary>
    public TlsOptions? Tls { get; init; }

    /// <summary>Longest frame sent or accepted, in bytes; 1 KiB to 1 GiB.</summary>
    public int MaxFrameBytes { get; init; } = 64 << 20;

    /// <summary>Messages that may wait for one peer; 1 to 1,000,000. More are dropped, and Raft sends anew.</summary>
    public int QueueMessages { get; init; } = 4096;

    /// <summary>Bytes that may wait for one peer; 1 KiB to 1 GiB.</summary>
    public int QueueBytes { get; init; } = 64 << 20;

    /// <summary>Wait before the first attempt to connect again; doubled after each failure, with a jitter of half of it.</summary>
    public TimeSpan ReconnectMin { get; init; } = TimeSpan.FromMilliseconds(50);

    public TimeSpan ReconnectMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>For connecting and for each step of the handshake.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>A peer that takes nothing for so long is disconnected.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <exception cref="ArgumentException">Lists every value that is out of its range.</exception>
    public void Validate()
    {
        var errors = new List<string>();
        Require(!Node.IsNone && Node.Value.Length <= NodeId.MaxLength, $"Node must be 1 to {NodeId.MaxLength} characters");
        Require(Secret is not { Length: 0 }, "Secret must not be empty; leave it out to have none");
        Require(MaxFrameBytes is >= 1 << 10 and <= 1 << 30, "MaxFrameBytes must be from 1 KiB to 1 GiB");
        Require(QueueMessages is >= 1 and <= 1_000_000, "QueueMessages must be from 1 to 1,000,000");
        Require(QueueBytes is >= 1 << 10 and <= 1 << 30, "QueueBytes must be from 1 KiB to 1 GiB");
        Require(ReconnectMin > TimeSpan.Zero && ReconnectMin <= ReconnectMax, "ReconnectMin must be positive and not above ReconnectMax");
        Require(HandshakeTimeout > TimeSpan.Zero, "HandshakeTimeout must be positive");
        Require(SendTimeout > TimeSpan.Zero, "SendTimeout must be positive");
        Tls?.Validate(errors);
        if (errors.Count > 0)
        {
            throw new ArgumentException("Transport: " + string.Join("; ", errors));
        }

        void Require(bool holds, string message)
        {
            if (!holds)
            {
                errors.Add(message);
            }
        }
    }
}
