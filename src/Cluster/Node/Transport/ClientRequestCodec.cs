using System.Diagnostics;
using Quorate.Core.Codec;
using Quorate.Core.Raft;

namespace Quorate.Node.Transport;

/// <summary>The frames of <see cref="ClientRequest"/>.</summary>
internal static class ClientRequestCodec
{
    private enum Kind : byte
    {
        Hello = 1,
        Propose = 2,
        ReadIndex = 3,
        Follow = 4,
        Unfollow = 5,
        Transfer = 6,
        Campaign = 7,
    }

    /// <summary>Adds a whole frame, with its length before it.</summary>
    public static void Write(ByteWriter writer, ClientRequest request)
    {
        var start = ClientProtocol.BeginFrame(writer, (byte)KindOf(request));
        switch (request)
        {
            case ClientRequest.Hello hello:
                writer.Byte(hello.Version);
                break;
            case ClientRequest.Propose propose:
                writer.VarInt(propose.Term.Value);
                writer.VarInt(propose.Number);
                writer.Bytes(propose.Command.Span);
                break;
            case ClientRequest.ReadIndex read:
                writer.VarInt(read.Number);
                break;
            case ClientRequest.Follow follow:
                writer.VarInt(follow.Epoch);
                writer.VarInt(follow.After.Value);
                break;
            case ClientRequest.Transfer transfer:
                writer.VarInt(transfer.Number);
                EntryCodec.WriteNode(writer, transfer.Target);
                break;
            case ClientRequest.Campaign campaign:
                writer.VarInt(campaign.Number);
                break;
        }

        ClientProtocol.EndFrame(writer, start);
    }

    /// <summary>Reads a frame without its length. Nothing of the result refers to it.</summary>
    /// <exception cref="FormatException">It is not a request of this version.</exception>
    public static ClientRequest Read(ReadOnlyMemory<byte> frame)
    {
        var reader = new ByteReader(frame);
        var kind = ClientProtocol.ReadFrameStart(ref reader);
        ClientRequest request = (Kind)kind switch
        {
            Kind.Hello => new ClientRequest.Hello(reader.Byte()),
            Kind.Propose => new ClientRequest.Propose(EntryCodec.ReadTerm(ref reader), reader.VarInt(), reader.Bytes().ToArray()),
            Kind.ReadIndex => new ClientRequest.ReadIndex(reader.VarInt()),
            Kind.Follow => new ClientRequest.Follow(reader.VarInt(), EntryCodec.ReadIndex(ref reader)),
            Kind.Unfollow => new ClientRequest.Unfollow(),
            Kind.Transfer => new ClientRequest.Transfer(reader.VarInt(), EntryCodec.ReadNode(ref reader)),
            Kind.Campaign => new ClientRequest.Campaign(reader.VarInt()),
            _ => throw new FormatException($"{kind} is not a kind of request"),
        };
        reader.End();
        return request;
    }

    private static Kind KindOf(ClientRequest request) => request switch
    {
        ClientRequest.Hello => Kind.Hello,
        ClientRequest.Propose => Kind.Propose,
        ClientRequest.ReadIndex => Kind.ReadIndex,
        ClientRequest.Follow => Kind.Follow,
        ClientRequest.Unfollow => Kind.Unfollow,
        ClientRequest.Transfer => Kind.Transfer,
        ClientRequest.Campaign => Kind.Campaign,
        _ => throw new UnreachableException(request.GetType().Name),
    };
}
