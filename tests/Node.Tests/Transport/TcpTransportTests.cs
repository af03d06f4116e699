using System.Net;
using Quorate.Core.Clocks;
using Quorate.Core.Raft;
using Quorate.Node.Transport;

namespace Quorate.Node.Tests.Transport;

public sealed class TcpTransportTests
{
    [Fact]
    public void TrySend_ManyMessages_ArriveInOrder()
    {
        using var a = new TestNode("a");
        using var b = new TestNode("b");
        TestNode.Join(a, b);

        for (var i = 0; i < 20_000; i++)
        {
            var number = i;
            Eventually.True(() => a.Send(b, number), "room in the queue");
        }

        Eventually.True(() => b.Received.Count == 20_000, "all arrived");
        Assert.Equal(Enumerable.Range(0, 20_000).Select(i => (long)i), b.Received.Cast<HeartbeatResponse>().Select(m => m.ReadRound));
        Assert.Equal(20_000, b.Link(a.Id).ReceivedMessages);
        Eventually.True(() => a.Link(b.Id).SentMessages == 20_000, "all counted");
        Assert.Equal(a.Link(b.Id).SentBytes, b.Link(a.Id).ReceivedBytes);
    }

    [Fact]
    public void TrySend_LargeMessagesBothWays_ArriveWhole()
    {
        using var a = new TestNode("a");
        using var b = new TestNode("b");
        TestNode.Join(a, b);
        var data = new byte[3_000_000];
        new Random(1).NextBytes(data);
        var entry = new Entry(new(1), new(1), HlcTimestamp.Zero, EntryKind.Command, data);

        for (var i = 0; i < 5; i++)
        {
            Assert.True(a.Send(new AppendRequest(GroupId.Default, a.Id, b.Id, new(1), new(0), new(0), new(0), [entry])));
            Assert.True(b.Send(new AppendRequest(GroupId.Default, b.Id, a.Id, new(1), new(0), new(0), new(0), [entry])));
            Assert.True(a.Send(b, i));
        }

        Eventually.True(() => b.Received.Count == 10 && a.Received.Count == 5, "all arrived");
        Assert.All(a.Received.Concat(b.Received).OfType<AppendRequest>(), m => Assert.True(m.Entries[0].Data.Span.SequenceEqual(data)));
    }

    [Fact]
    public void TrySend_UnknownPeerOrNoConnection_IsRefusedAndCounted()
    {
        using var a = new TestNode("a");
        var nobody = new NodeId("nobody");
        Assert.False(a.Send(nobody, 1));

        a.Transport.UpdatePeers(new Dictionary<NodeId, EndPoint> { [nobody] = new IPEndPoint(IPAddress.Loopback, 1) });
        Assert.False(a.Send(nobody, 1));
        Assert.Equal(1, a.Link(nobody).Dropped);
        Eventually.True(() => a.Link(nobody).LastError is not null, "the reason is known");
    }

    [Fact]
    public void TrySend_PeerTakesNothing_QueueIsBounded()
    {
        var options = TestNode.Options with { QueueMessages = 50 };
        using var release = new ManualResetEventSlim();
        using var a = new TestNode("a", options);
        using var b = new TestNode("b", options);
        TestNode.Join(a, b);
        b.OnReceived = _ => release.Wait();

        // Beyond the queue there are the buffers of both sockets to fill.
        var entry = new Entry(new(1), new(1), HlcTimestamp.Zero, EntryKind.Command, new byte[1_000_000]);
        var append = new AppendRequest(GroupId.Default, a.Id, b.Id, new(1), new(0), new(0), new(0), [entry]);
        Eventually.True(() => !a.Send(append), "the queue is full");

        Assert.InRange(a.Link(b.Id).QueuedMessages, 1, 50);
        Assert.InRange(a.Link(b.Id).QueuedBytes, 1, 64 << 20);
        Assert.True(a.Link(b.Id).Dropped > 0);
        release.Set();
        Eventually.True(() => a.Link(b.Id).QueuedMessages == 0 && a.Send(b, 1), "it goes on");
    }

    [Fact]
    public void TrySend_LargerThanAFrame_IsRefusedAndTheConnectionStays()
    {
        var options = TestNode.Options with { MaxFrameBytes = 10_000 };
        using var a = new TestNode("a", options);
        using var b = new TestNode("b", options);
        TestNode.Join(a, b);
        var entry = new Entry(new(1), new(1), HlcTimestamp.Zero, EntryKind.Command, new byte[10_000]);

        Assert.False(a.Send(new AppendRequest(GroupId.Default, a.Id, b.Id, new(1), new(0), new(0), new(0), [entry])));
        Assert.True(a.Send(b, 1));
        Eventually.True(() => b.Received.Count == 1, "the next one arrives");
        Assert.Empty(b.Disconnected);
    }

    [Fact]
    public void Dispose_Peer_IsNoticedAtOnceByBothDirections()
    {
        using var a = new TestNode("a");
        using var c = new TestNode("c");
        using (var b = new TestNode("b"))
        {
            TestNode.Join(a, b, c);
        }

        Eventually.True(() => a.Disconnected.Contains(new NodeId("b")) && c.Disconnected.Contains(new NodeId("b")), "b is missed");
        Eventually.True(() => a.Link(new NodeId("b")) is { ConnectedSince: null, ReceivingSince: null }, "links are down");
        Assert.DoesNotContain(c.Id, a.Disconnected);
        Assert.True(a.IsLinkedWith(c.Id));
        Assert.True(a.Send(c, 1));
    }

    [Fact]
    public void Start_PeerComesBackOnItsAddress_IsConnectedAgain()
    {
        using var a = new TestNode("a");
        int port;
        using (var b = new TestNode("b"))
        {
            TestNode.Join(a, b);
            port = b.Port;
        }

        Eventually.True(() => !a.IsLinkedWith(new NodeId("b")), "b is gone");
        using var again = new TestNode("b", port: port);
        TestNode.Join(a, again);

        Assert.True(a.Send(again, 7));
        Eventually.True(() => again.Received.Count == 1, "it arrives");
    }

    [Fact]
    public void SetIsolated_CutsBothWaysUntilHealed()
    {
        using var a = new TestNode("a");
        using var b = new TestNode("b");
        using var c = new TestNode("c");
        TestNode.Join(a, b, c);

        a.Transport.SetIsolated(true);
        Eventually.True(() => b.Disconnected.Contains(a.Id) && c.Disconnected.Contains(a.Id), "others miss it");
        Assert.Empty(a.Disconnected);
        Assert.False(a.Send(b, 1));
        Eventually.True(() => !b.Send(a, 1), "b cannot send to it");
        Eventually.True(() => b.Link(a.Id).LastError?.Contains("takes no connections", StringComparison.Ordinal) == true, "b is refused");
        Assert.True(b.IsLinkedWith(c.Id));

        a.Transport.SetIsolated(false);
        Eventually.True(() => a.IsLinkedWith(b.Id) && a.IsLinkedWith(c.Id) && b.IsLinkedWith(a.Id), "healed");
        Assert.True(a.Send(b, 2));
        Eventually.True(() => b.Received.Count == 1, "it arrives");
    }

    [Fact]
    public void UpdatePeers_PeerRemoved_IsDisconnectedAndRefused()
    {
        using var a = new TestNode("a");
        using var b = new TestNode("b");
        TestNode.Join(a, b);

        a.Transport.UpdatePeers(new Dictionary<NodeId, EndPoint>());

        Assert.Empty(a.Transport.Links);
        Assert.False(a.Send(b, 1));
        Eventually.True(() => b.Link(a.Id).LastError?.Contains("peer table", StringComparison.Ordinal) == true, "b is refused");
        Assert.Empty(a.Disconnected);
    }

    [Fact]
    public void UpdatePeers_AddressChanged_ConnectsToTheNewOne()
    {
        using var a = new TestNode("a");
        using var old = new TestNode("b");
        TestNode.Join(a, old);
        using var moved = new TestNode("b");

        TestNode.Join(a, moved);

        Assert.True(a.Send(moved, 1));
        Eventually.True(() => moved.Received.Count == 1, "it arrives");
        Assert.Empty(old.Received);
    }

    [Fact]
    public void Received_HandlerThrows_CostsTheConnectionOnly()
    {
        using var a = new TestNode("a");
        using var b = new TestNode("b");
        TestNode.Join(a, b);
        b.OnReceived = _ => throw new InvalidOperationException("cannot take it");
        a.Send(b, 1);
        Eventually.True(() => b.Logger.Lines.Any(line => line.Text.Contains("cannot take it", StringComparison.Ordinal)), "it is logged");

        b.OnReceived = _ => { };
        Eventually.True(() => a.Send(b, 2) && !b.Received.IsEmpty, "it goes on");
    }

    [Fact]
    public void TrySend_ThreadPoolBusy_ArrivesNevertheless()
    {
        using var a = new TestNode("a");
        using var b = new TestNode("b");
        TestNode.Join(a, b);
        var release = new ManualResetEventSlim();
        for (var i = 0; i < 500; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(_ => release.Wait(), null);
        }

        try
        {
            var poolTask = Task.Run(() => { });
            Assert.True(a.Send(b, 1));
            Eventually.True(() => b.Received.Count == 1, "it arrives");
            Assert.False(poolTask.IsCompleted, "the pool was not busy: this test shows nothing");
        }
        finally
        {
            release.Set();
        }
    }

    [Fact]
    public void Start_PortTaken_SaysSoInOneLine()
    {
        using var a = new TestNode("a");
        var error = Assert.Throws<TransportException>(() => new TestNode("b", port: a.Port));
        Assert.Contains($"127.0.0.1:{a.Port}", error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Constructor_OptionsOutOfRange_ListsThemAll()
    {
        var options = TestNode.Options with { MaxFrameBytes = 1, Secret = "", Tls = new TlsOptions { CertificatePath = "no.pem", KeyPath = "no.key", AuthorityPath = "no.ca" } };
        var error = Assert.Throws<ArgumentException>(() => new TestNode("a", options));
        Assert.Contains("MaxFrameBytes", error.Message);
        Assert.Contains("Secret", error.Message);
        Assert.Contains("no.key", error.Message);
    }
}
