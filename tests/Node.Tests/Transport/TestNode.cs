using System.Collections.Concurrent;
using System.Net;
using Quorate.Core.Raft;
using Quorate.Node.Transport;

namespace Quorate.Node.Tests.Transport;

/// <summary>A transport on loopback that remembers what it was told.</summary>
internal sealed class TestNode : IDisposable
{
    public TestNode(string id, TransportOptions? options = null, Action<ClientConnection>? clients = null, int port = 0)
    {
        Id = new NodeId(id);
        Transport = new TcpTransport(
            (options ?? Options) with { Node = Id, Listen = new IPEndPoint(IPAddress.Loopback, port) },
            new TransportHandlers
            {
                Received = message =>
                {
                    OnReceived(message);
                    Received.Enqueue(message);
                },
                PeerDisconnected = Disconnected.Enqueue,
                ClientConnected = clients,
            },
            Logger);
        Transport.Start();
    }

    public static TransportOptions Options { get; } = new()
    {
        Node = new NodeId("set by the node"),
        Listen = new IPEndPoint(IPAddress.Loopback, 0),
        ReconnectMin = TimeSpan.FromMilliseconds(10),
        ReconnectMax = TimeSpan.FromMilliseconds(50),
    };

    public NodeId Id { get; }

    public TcpTransport Transport { get; }

    public RecordingLogger Logger { get; } = new();

    public ConcurrentQueue<Message> Received { get; } = new();

    public ConcurrentQueue<NodeId> Disconnected { get; } = new();

    public Action<Message> OnReceived { get; set; } = _ => { };

    public int Port => Transport.LocalEndPoint.Port;

    public static void Join(params TestNode[] nodes)
    {
        var peers = nodes.ToDictionary(node => node.Id, node => (EndPoint)node.Transport.LocalEndPoint);
        foreach (var node in nodes)
        {
            node.Transport.UpdatePeers(peers);
        }

        foreach (var node in nodes)
        {
            foreach (var peer in nodes.Where(peer => peer != node))
            {
                Eventually.True(() => node.IsLinkedWith(peer.Id), $"{node.Id} linked with {peer.Id}");
            }
        }
    }

    /// <summary>Whether there is a connection in each direction.</summary>
    public bool IsLinkedWith(NodeId peer) => Link(peer) is { ConnectedSince: not null, ReceivingSince: not null };

    public LinkState Link(NodeId peer) => Transport.Links.Single(link => link.Peer == peer);

    public bool Send(TestNode to, long number) => Send(to.Id, number);

    public bool Send(NodeId to, long number) => Send(new HeartbeatResponse(GroupId.Default, Id, to, new Term(1), number));

    public bool Send(Message message)
    {
        var queued = Transport.TrySend(message);
        Transport.Flush();
        return queued;
    }

    public void Dispose() => Transport.Dispose();
}
