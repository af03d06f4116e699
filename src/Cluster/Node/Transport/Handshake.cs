using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Quorate.Core.Codec;
using Quorate.Core.Raft;

namespace Quorate.Node.Transport;

/// <summary>What a connection is for. The values are part of the wire format.</summary>
public enum ConnectionPurpose : byte
{
    /// <summary>Raft messages, from the one who dialled to the one who listens.</summary>
    Peer = 1,

    /// <summary>Requests of a client, both ways.</summary>
    Client = 2,

    /// <summary>Chunks of blobs, asked for by nodes and clients.</summary>
    Chunks = 3,
}

/// <summary>
/// The first words on a connection, each after its length in four bytes:
/// <code>
///   dialling                                             listening
///   magic, version, purpose, from, to, nonce  ────────▶
///                                             ◀────────  verdict, nonce, proof
///   proof                                     ────────▶
///                                             ◀────────  verdict
/// </code>
/// A proof is HMAC-SHA256 over everything said so far with the cluster secret as its key (challenge and response, both ways;
/// the side is part of it, so that a proof cannot be reflected). Without a secret the proofs are empty.
/// It tells members from strangers; against someone who can change packets on the way only TLS helps.
/// </summary>
internal static class Handshake
{
    private const uint Magic = 0x31545251; // "QRT1"
    private const byte Version = 1;
    private const int NonceBytes = 16;
    private const int MaxWordBytes = 1024;

    private enum Verdict : byte
    {
        Welcome = 0,
        UnknownSender = 1,
        WrongReceiver = 2,
        WrongSecret = 3,
        WrongVersion = 4,
        Unavailable = 5,
    }

    private enum Side : byte
    {
        Dialling = 1,
        Listening = 2,
    }

    /// <param name="From">A node, or what a client calls itself.</param>
    /// <param name="To">The node that the caller wants; a client may leave it open.</param>
    internal sealed record Hello(ConnectionPurpose Purpose, NodeId From, NodeId To, byte[] Nonce);

    /// <summary>The part of the one who dialled.</summary>
    /// <exception cref="HandshakeException">The other side refused, or could not prove that it knows the secret.</exception>
    public static void Dial(Stream stream, ConnectionPurpose purpose, NodeId from, NodeId to, string? secret)
    {
        var hello = new Hello(purpose, from, to, RandomNumberGenerator.GetBytes(NonceBytes));
        var writer = new ByteWriter();
        writer.UInt32(Magic);
        writer.Byte(Version);
        writer.Byte((byte)purpose);
        EntryCodec.WriteNode(writer, from);
        EntryCodec.WriteNode(writer, to);
        writer.Bytes(hello.Nonce);
        Send(stream, writer);

        var reader = new ByteReader(Receive(stream));
        ThrowUnlessWelcome((Verdict)reader.Byte(), to);
        var nonce = reader.Bytes().ToArray();
        var theirs = reader.Bytes().Span;
        if (!CryptographicOperations.FixedTimeEquals(theirs, Proof(secret, Side.Listening, hello, nonce)))
        {
            throw new HandshakeException($"{to} could not prove that it knows the cluster secret of this node");
        }

        writer.Clear();
        writer.Bytes(Proof(secret, Side.Dialling, hello, nonce));
        Send(stream, writer);
        ThrowUnlessWelcome((Verdict)Receive(stream).Span[0], to);
    }

    /// <summary>The part of the one who listens.</summary>
    /// <param name="knows">Whether a node is in the peer table.</param>
    /// <param name="refuses">Whether connections of this purpose are not taken at the moment.</param>
    /// <exception cref="HandshakeException">A stranger, or something that does not speak this protocol.</exception>
    /// <exception cref="FormatException">Likewise.</exception>
    public static Hello Accept(Stream stream, NodeId self, string? secret, Func<NodeId, bool> knows, Func<ConnectionPurpose, bool> refuses)
    {
        var hello = ReadHello(stream);
        if (refuses(hello.Purpose))
        {
            throw Refuse(stream, Verdict.Unavailable, "it is not taken at the moment");
        }

        if (hello.Purpose == ConnectionPurpose.Peer && !knows(hello.From))
        {
            throw Refuse(stream, Verdict.UnknownSender, $"node '{hello.From}' is not in the peer table");
        }

        if (hello.To != self && !(hello.To.IsNone && hello.Purpose == ConnectionPurpose.Client))
        {
            throw Refuse(stream, Verdict.WrongReceiver, $"it is for node '{hello.To}', this is '{self}'");
        }

        var nonce = RandomNumberGenerator.GetBytes(NonceBytes);
        var writer = new ByteWriter();
        writer.Byte((byte)Verdict.Welcome);
        writer.Bytes(nonce);
        writer.Bytes(Proof(secret, Side.Listening, hello, nonce));
        Send(stream, writer);

        var reader = new ByteReader(Receive(stream));
        if (!CryptographicOperations.FixedTimeEquals(reader.Bytes().Span, Proof(secret, Side.Dialling, hello, nonce)))
        {
            throw Refuse(stream, Verdict.WrongSecret, $"'{hello.From}' does not know the cluster secret");
        }

        writer.Clear();
        writer.Byte((byte)Verdict.Welcome);
        Send(stream, writer);
        return hello;
    }

    private static Hello ReadHello(Stream stream)
    {
        var reader = new ByteReader(Receive(stream));
        if (reader.UInt32() != Magic)
        {
            throw new HandshakeException("it does not speak this protocol");
        }

        var version = reader.Byte();
        if (version != Version)
        {
            throw Refuse(stream, Verdict.WrongVersion, $"it speaks version {version}, this node {Version}");
        }

        var purpose = (ConnectionPurpose)reader.Byte();
        var hello = new Hello(purpose, EntryCodec.ReadNode(ref reader), EntryCodec.ReadNode(ref reader), reader.Bytes().ToArray());
        reader.End();
        return purpose is ConnectionPurpose.Peer or ConnectionPurpose.Client or ConnectionPurpose.Chunks && hello.Nonce.Length == NonceBytes
            ? hello
            : throw new HandshakeException($"purpose {(byte)purpose} is unknown");
    }

    private static HandshakeException Refuse(Stream stream, Verdict verdict, string reason)
    {
        var writer = new ByteWriter();
        writer.Byte((byte)verdict);
        Send(stream, writer);
        return new HandshakeException(reason);
    }

    private static void ThrowUnlessWelcome(Verdict verdict, NodeId to)
    {
        if (verdict != Verdict.Welcome)
        {
            throw new HandshakeException(verdict switch
            {
                Verdict.UnknownSender => $"{to} does not have this node in its peer table",
                Verdict.WrongReceiver => $"another node than {to} listens there",
                Verdict.WrongSecret => $"{to} has another cluster secret",
                Verdict.WrongVersion => $"{to} speaks another version of the protocol",
                Verdict.Unavailable => $"{to} takes no connections at the moment",
                _ => $"{to} answered with something unknown",
            });
        }
    }

    private static byte[] Proof(string? secret, Side side, Hello hello, ReadOnlySpan<byte> nonce)
    {
        if (secret is null)
        {
            return [];
        }

        var said = new ByteWriter();
        said.String("quorate");
        said.Byte((byte)side);
        said.Byte((byte)hello.Purpose);
        EntryCodec.WriteNode(said, hello.From);
        EntryCodec.WriteNode(said, hello.To);
        said.Bytes(hello.Nonce);
        said.Bytes(nonce);
        return HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), said.WrittenSpan);
    }

    private static void Send(Stream stream, ByteWriter word)
    {
        var frame = new byte[sizeof(uint) + word.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(frame, (uint)word.Length);
        word.WrittenSpan.CopyTo(frame.AsSpan(sizeof(uint)));
        stream.Write(frame);
    }

    private static ReadOnlyMemory<byte> Receive(Stream stream)
    {
        Span<byte> prefix = stackalloc byte[sizeof(uint)];
        stream.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(prefix);
        if (length is 0 or > MaxWordBytes)
        {
            throw new HandshakeException("it does not speak this protocol");
        }

        var word = new byte[length];
        stream.ReadExactly(word);
        return word;
    }
}
