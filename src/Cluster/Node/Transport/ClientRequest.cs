using Quorate.Core.Raft;

namespace Quorate.Node.Transport;

/// <summary>What a client says to a node. A closed hierarchy; <see cref="ClientRequestCodec"/> knows every case.</summary>
internal abstract record ClientRequest
{
    private ClientRequest()
    {
    }

    /// <summary>The first frame of a connection.</summary>
    public sealed record Hello(byte Version) : ClientRequest;

    /// <param name="Term">Accepted only while the node leads exactly this term.</param>
    /// <param name="Command">An encoded command. As read, a copy of its own.</param>
    public sealed record Propose(Term Term, long Number, ReadOnlyMemory<byte> Command) : ClientRequest;

    public sealed record ReadIndex(long Number) : ClientRequest;

    /// <param name="Epoch">Counted by the client; comes back with everything that is sent because of it.</param>
    public sealed record Follow(long Epoch, LogIndex After) : ClientRequest;

    public sealed record Unfollow : ClientRequest;

    /// <param name="Target">None: the voter furthest ahead.</param>
    public sealed record Transfer(long Number, NodeId Target) : ClientRequest;

    public sealed record Campaign(long Number) : ClientRequest;
}
