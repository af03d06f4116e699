using System.Collections.Concurrent;

namespace Quorate.Node.Transport;

/// <summary>Serves the clients of a node. To be attached as <see cref="QuorateNode.ClientConnected"/> before the node starts.</summary>
public sealed class NodeClientListener(QuorateNode node, ClientLimits? limits = null)
{
    private readonly ClientLimits _limits = limits ?? new ClientLimits();
    private readonly ConcurrentDictionary<ClientSession, byte> _sessions = [];

    /// <summary>Clients connected now.</summary>
    public int Clients => _sessions.Count;

    /// <summary>Bytes of entries that wait for clients, all together.</summary>
    public long QueuedBytes => _sessions.Keys.Sum(session => session.QueuedBytes);

    /// <summary>Serves one client until it goes or the node stops.</summary>
    /// <exception cref="IOException">The connection broke, or the client takes nothing.</exception>
    /// <exception cref="FormatException">The client broke the protocol.</exception>
    public void Serve(ClientConnection connection)
    {
        // Still starting: the client comes again in a moment.
        if (node.Host is not { } host)
        {
            return;
        }

        var session = new ClientSession(host, connection, _limits);
        _sessions.TryAdd(session, 0);
        try
        {
            session.Run();
        }
        finally
        {
            _sessions.TryRemove(session, out _);
        }
    }
}
