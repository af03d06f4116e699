using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Quorate.Core.Codec;
using Quorate.Core.Raft;
using Quorate.Node.Transport;

namespace Quorate.Node.Tests.Transport;

/// <summary>Who is let in, told byte by byte.</summary>
public sealed class HandshakeTests
{
    private const uint Magic = 0x31545251;

    [Fact]
    public void Connect_SameSecret_IsLetIn()
    {
        using var a = new TestNode("a", TestNode.Options with { Secret = "s3cret" });
        using var b = new TestNode("b", TestNode.Options with { Secret = "s3cret" });
        TestNode.Join(a, b);

        Assert.True(a.Send(b, 1));
        Eventually.True(() => b.Received.Count == 1, "it arrives");
    }

    [Theory]
    [InlineData("right", "wrong")]
    [InlineData("right", null)]
    [InlineData(null, "right")]
    public void Connect_OtherSecret_IsRefusedBothWaysAndSaid(string? mine, string? theirs)
    {
        using var a = new TestNode("a", TestNode.Options with { Secret = mine });
        using var b = new TestNode("b", TestNode.Options with { Secret = theirs });
        var peers = new Dictionary<NodeId, EndPoint> { [a.Id] = a.Transport.LocalEndPoint, [b.Id] = b.Transport.LocalEndPoint };
        a.Transport.UpdatePeers(peers);
        b.Transport.UpdatePeers(peers);

        Eventually.True(() => SpeaksOfTheSecret(a.Link(b.Id)) && SpeaksOfTheSecret(b.Link(a.Id)), "both are refused");
        Assert.False(a.IsLinkedWith(b.Id) || b.IsLinkedWith(a.Id) || a.Send(b, 1));
        Assert.Empty(a.Disconnected);
    }

    [Fact]
    public void Connect_SenderThatDoesNotAnswerTheChallenge_IsRefusedWithOneLine()
    {
        using var a = new TestNode("a", TestNode.Options with { Secret = "s3cret" });
        a.Transport.UpdatePeers(new Dictionary<NodeId, EndPoint> { [new NodeId("b")] = new IPEndPoint(IPAddress.Loopback, 1) });
        using var stranger = Dial(a);
        SendHello(stranger, "b", "a");
        Assert.Equal(0, ReadWord(stranger)[0]);

        // A proof reflected back, as an attacker without the secret would have it, does not pass.
        SendWord(stranger, writer => writer.Bytes(new byte[32]));

        Assert.Equal([3], ReadWord(stranger));
        AssertClosed(stranger);
        Eventually.True(() => Closed(a) == 1, "one line");
    }

    [Theory]
    [InlineData("stranger", "a", 1, "peer table")]
    [InlineData("b", "c", 2, "'c'")]
    public void Connect_Stranger_IsRefusedWithOneLine(string from, string to, byte verdict, string reason)
    {
        using var a = new TestNode("a");
        a.Transport.UpdatePeers(new Dictionary<NodeId, EndPoint> { [new NodeId("b")] = new IPEndPoint(IPAddress.Loopback, 1) });
        using var stranger = Dial(a);
        SendHello(stranger, from, to);

        Assert.Equal([verdict], ReadWord(stranger));
        AssertClosed(stranger);
        Eventually.True(() => Closed(a) == 1, "one line");
        Assert.Contains(a.Logger.Lines, line => line.Text.Contains(reason, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("\u0001\u0000\u0000\u0000x")]
    [InlineData("\u0000\u0000\u0000\u0000")]
    public void Connect_AnotherProtocol_IsClosedWithOneLineAndOthersGoOn(string words)
    {
        using var a = new TestNode("a");
        using var b = new TestNode("b");
        TestNode.Join(a, b);
        using (var stranger = Dial(a))
        {
            stranger.Send(Encoding.Latin1.GetBytes(words));
            AssertClosed(stranger);
        }

        Eventually.True(() => Closed(a) == 1, "one line");
        Assert.True(b.Send(a, 1));
        Eventually.True(() => a.Received.Count == 1, "it arrives");
    }

    [Fact]
    public void Connect_ThatSaysNothing_IsClosedAfterTheTimeout()
    {
        using var a = new TestNode("a", TestNode.Options with { HandshakeTimeout = TimeSpan.FromMilliseconds(100) });
        using var silent = Dial(a);
        AssertClosed(silent);
    }

    [Theory]
    [InlineData(20_000, "20000 bytes")]
    [InlineData(0, "0 bytes")]
    public void Frame_TooLargeOrEmpty_ClosesTheConnectionWithOneLine(int length, string reason)
    {
        using var a = new TestNode("a", TestNode.Options with { MaxFrameBytes = 10_000 });
        using var peer = Befriend(a, "b");
        Span<byte> prefix = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(prefix, length);
        peer.Send(prefix);

        AssertClosed(peer);
        Eventually.True(() => Closed(a) == 1, "one line");
        Assert.Contains(a.Logger.Lines, line => line.Text.Contains(reason, StringComparison.Ordinal));
        Assert.Empty(a.Received);
    }

    [Fact]
    public void Frame_UnknownOrOfSomebodyElse_ClosesTheConnection()
    {
        using var a = new TestNode("a");
        using (var peer = Befriend(a, "b"))
        {
            SendWord(peer, writer => writer.Bytes("no message"u8));
            AssertClosed(peer);
        }

        Eventually.True(() => a.Link(new NodeId("b")).ReceivingSince is null, "it is gone");
        using var second = Befriend(a, "b");
        SendWord(second, writer => MessageCodec.Write(writer, new TimeoutNow(GroupId.Default, new NodeId("c"), a.Id, new Term(1))));
        AssertClosed(second);
        Assert.Empty(a.Received);
    }

    [Fact]
    public void Frame_InSingleBytes_Arrives()
    {
        using var a = new TestNode("a");
        using var peer = Befriend(a, "b");
        var writer = new ByteWriter();
        MessageCodec.Write(writer, new TimeoutNow(GroupId.Default, new NodeId("b"), a.Id, new Term(9)));
        byte[] frame = [.. BitConverter.GetBytes(writer.Length), .. writer.WrittenSpan];
        peer.NoDelay = true;
        foreach (var value in frame)
        {
            peer.Send([value]);
        }

        Eventually.True(() => a.Received.Count == 1, "it arrives");
        Assert.Equal(new Term(9), a.Received.Single().Term);
    }

    [Fact]
    public void Connect_Reset_IsReportedAsDisconnectedAtOnce()
    {
        using var a = new TestNode("a");
        var peer = Befriend(a, "b");
        peer.LingerState = new LingerOption(true, 0);
        peer.Dispose();

        Eventually.True(() => a.Disconnected.Contains(new NodeId("b")), "it is missed");
    }

    [Fact]
    public void Connect_SamePeerAgain_ReplacesTheOlderConnectionQuietly()
    {
        using var a = new TestNode("a");
        using var first = Befriend(a, "b");
        using var second = Befriend(a, "b");

        AssertClosed(first);
        SendWord(second, writer => MessageCodec.Write(writer, new TimeoutNow(GroupId.Default, new NodeId("b"), a.Id, new Term(9))));
        Eventually.True(() => a.Received.Count == 1, "the newer one works");
        Assert.Empty(a.Disconnected);
    }

    [Fact]
    public void Connect_AsClient_IsHandedOverAndClosedWhenServed()
    {
        using var a = new TestNode("a", TestNode.Options with { Secret = null }, clients: client =>
        {
            var word = new byte[4];
            client.Stream.ReadExactly(word);
            client.Stream.Write(Encoding.UTF8.GetBytes($"{client.Name}:{Encoding.UTF8.GetString(word)}"));
        });
        using var client = Dial(a);
        SendHello(client, "gateway-1", "", purpose: 2);
        Finish(client);
        client.Send("ping"u8);

        var answer = new byte["gateway-1:ping".Length];
        Fill(client, answer);
        Assert.Equal("gateway-1:ping", Encoding.UTF8.GetString(answer));
        AssertClosed(client);
    }

    [Fact]
    public void Connect_AsClientWhereNoneAreServed_IsRefused()
    {
        using var a = new TestNode("a");
        using var client = Dial(a);
        SendHello(client, "gateway-1", "", purpose: 2);
        Assert.Equal([5], ReadWord(client));
    }

    private static bool SpeaksOfTheSecret(LinkState link) => link.LastError?.Contains("secret", StringComparison.Ordinal) == true;

    private static int Closed(TestNode node) => node.Logger.Lines.Count(line => line.Id == 2104);

    private static Socket Dial(TestNode node)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 10_000 };
        socket.Connect(new IPEndPoint(IPAddress.Loopback, node.Port));
        return socket;
    }

    /// <summary>A raw connection that has passed for a peer.</summary>
    private static Socket Befriend(TestNode node, string name)
    {
        var id = new NodeId(name);
        if (node.Transport.Links.All(link => link.Peer != id))
        {
            node.Transport.UpdatePeers(new Dictionary<NodeId, EndPoint> { [id] = new IPEndPoint(IPAddress.Loopback, 1) });
        }

        var socket = Dial(node);
        SendHello(socket, name, node.Id.Value);
        Finish(socket);
        Eventually.True(() => node.Link(id).ReceivingSince is not null, "it is taken");
        return socket;
    }

    private static void SendHello(Socket socket, string from, string to, byte purpose = 1) => SendWord(socket, writer =>
    {
        writer.UInt32(Magic);
        writer.Byte(1);
        writer.Byte(purpose);
        writer.String(from);
        writer.String(to);
        writer.Bytes(new byte[16]);
    });

    private static void Finish(Socket socket)
    {
        Assert.Equal(0, ReadWord(socket)[0]);
        SendWord(socket, writer => writer.Bytes([]));
        Assert.Equal([0], ReadWord(socket));
    }

    private static void SendWord(Socket socket, Action<ByteWriter> write)
    {
        var writer = new ByteWriter();
        writer.UInt32(0);
        write(writer);
        writer.PatchUInt32(0, (uint)(writer.Length - 4));
        socket.Send(writer.WrittenSpan);
    }

    private static byte[] ReadWord(Socket socket)
    {
        var prefix = new byte[4];
        Fill(socket, prefix);
        var word = new byte[BinaryPrimitives.ReadInt32LittleEndian(prefix)];
        Fill(socket, word);
        return word;
    }

    private static void Fill(Socket socket, Span<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            var read = socket.Receive(buffer);
            Assert.NotEqual(0, read);
            buffer = buffer[read..];
        }
    }

    private static void AssertClosed(Socket socket)
    {
        try
        {
            Assert.Equal(0, socket.Receive(new byte[1]));
        }
        catch (SocketException e)
        {
            Assert.Equal(SocketError.ConnectionReset, e.SocketErrorCode);
        }
    }
}
