using System.Net.Sockets;
using Quorate.Core.Codec;
using Quorate.Core.Raft;
using Quorate.Node.Transport;

namespace Quorate.Node.Tests.Access;

/// <summary>A client without manners: sends what it is told to, and shows every frame it gets.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly NetworkStream _stream;
    private readonly FrameReader _frames;

    public RawClient(QuorateNode node)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 10_000 };
        socket.Connect(node.EndPoint);
        _stream = new NetworkStream(socket, ownsSocket: true);
        Handshake.Dial(_stream, ConnectionPurpose.Client, new NodeId("raw"), node.Id, secret: null);
        _frames = new FrameReader(_stream, ClientProtocol.MaxReplyBytes);
    }

    public void Send(params IEnumerable<ClientRequest> requests)
    {
        var writer = new ByteWriter();
        foreach (var request in requests)
        {
            ClientRequestCodec.Write(writer, request);
        }

        _stream.Write(writer.WrittenSpan);
    }

    public void SendBytes(params ReadOnlySpan<byte> bytes) => _stream.Write(bytes);

    /// <summary>The next frame; null when the node has closed the connection.</summary>
    public ClientReply? Read()
    {
        try
        {
            return _frames.Read() is { } frame ? ClientReplyCodec.Read(frame) : null;
        }
        catch (IOException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            return null;
        }
    }

    /// <summary>Reads up to and with the first frame of a kind.</summary>
    public List<ClientReply> ReadTo<T>()
        where T : ClientReply
    {
        var replies = new List<ClientReply>();
        while (replies is not [.., T])
        {
            replies.Add(Read() ?? throw new EndOfStreamException());
        }

        return replies;
    }

    public void Dispose() => _stream.Dispose();
}
