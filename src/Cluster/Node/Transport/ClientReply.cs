using Quorate.Core.Raft;
using Quorate.Node.Hosting;

namespace Quorate.Node.Transport;

/// <summary>What a node says to a client. A closed hierarchy; <see cref="ClientReplyCodec"/> knows every case.</summary>
internal abstract record ClientReply
{
    private ClientReply()
    {
    }

    /// <summary>The first frame of a connection.</summary>
    public sealed record Welcome(byte Version) : ClientReply;

    public sealed record Refused(long Number, ProposeStatus Status) : ClientReply;

    /// <param name="Index">Null when the node does not lead.</param>
    public sealed record ReadIndexAnswer(long Number, LogIndex? Index) : ClientReply;

    /// <summary>Committed entries, in order; the next frame goes on where this one ends.</summary>
    public sealed record Entries(long Epoch, IReadOnlyList<Entry> Items) : ClientReply;

    /// <summary>A whole state follows, to begin anew with.</summary>
    public sealed record StateBegin(long Epoch) : ClientReply;

    /// <param name="Packed">Records, each after its length; <see cref="ClientReplyCodec.Unpack"/> takes them apart. As read, a slice of the frame.</param>
    public sealed record StatePart(ReadOnlyMemory<byte> Packed) : ClientReply;

    /// <param name="Complete">False: given up on the way, because the client followed anew or the node has a newer state.</param>
    public sealed record StateEnd(bool Complete) : ClientReply;

    /// <summary>Too much was waiting for the client. What it has got has no gap; it must follow again to get more.</summary>
    public sealed record Behind(long Epoch) : ClientReply;

    public sealed record Report(NodeStatus Status) : ClientReply;

    public sealed record Answer(long Number, bool Yes) : ClientReply;
}
