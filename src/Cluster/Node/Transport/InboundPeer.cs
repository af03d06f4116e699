using System.Net.Sockets;
using Quorate.Core.Raft;

namespace Quorate.Node.Transport;

/// <summary>The connection on which one peer sends to this node, read by the thread that accepted it.</summary>
internal sealed class InboundPeer(NodeId peer, Socket socket, DateTimeOffset since)
{
    private long _messages;
    private long _bytes;
    private volatile bool _closedByUs;

    public NodeId Peer { get; } = peer;

    public DateTimeOffset Since { get; } = since;

    public long Messages => Interlocked.Read(ref _messages);

    public long Bytes => Interlocked.Read(ref _bytes);

    public bool ClosedByUs => _closedByUs;

    /// <summary>Reads until the connection ends.</summary>
    /// <param name="drained">Called after the last of the messages that have arrived together.</param>
    /// <exception cref="FormatException">A frame that is too large, or not a message of this peer to <paramref name="self"/>.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public void ReadAll(Stream stream, int maxFrameBytes, NodeId self, Action<Message> received, Action drained)
    {
        var reader = new FrameReader(stream, maxFrameBytes, stream is NetworkStream ? socket : null);
        while (reader.Read() is { } frame)
        {
            var message = MessageCodec.Read(frame);
            if (message.From != Peer || message.To != self)
            {
                throw new FormatException($"a message from '{message.From}' to '{message.To}' on the connection of '{Peer}' to '{self}'");
            }

            Interlocked.Increment(ref _messages);
            Interlocked.Add(ref _bytes, frame.Length + FrameReader.PrefixSize);
            received(message);
            if (!reader.HasNext)
            {
                drained();
            }
        }
    }

    public void Close()
    {
        _closedByUs = true;
        socket.Dispose();
    }
}
