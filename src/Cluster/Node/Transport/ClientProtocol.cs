using Quorate.Core.Codec;
using Quorate.Core.Raft;

namespace Quorate.Node.Transport;

/// <summary>
/// How a client and a node talk after the handshake. Frames both ways, each after its length in four bytes:
/// <code>
///   | length | group | kind | fields ...
///
///   client                                       node
///   Hello(version)              ────────▶
///                               ◀────────  Welcome(version)
///                               ◀────────  Report(status)      at once when role, term or leader change, and regularly
///   Propose(term, number, ..)   ────────▶                      an appended command is not answered: the followed log tells
///                               ◀────────  Refused(number, why)
///   ReadIndex(number)           ────────▶
///                               ◀────────  ReadIndexAnswer(number, index?)
///   Follow(epoch, after)        ────────▶
///                               ◀────────  Entries(epoch, ..) | StateBegin(epoch) StatePart* StateEnd
///                               ◀────────  Behind(epoch)       the client is too slow: it gets no more until it follows again
///   Transfer, Campaign(number)  ────────▶
///                               ◀────────  Answer(number, yes or no)
/// </code>
/// The client counts its Follow requests (the epoch), so that what was sent before the latest one is told apart. Reports and
/// answers may come between the parts of a state.
/// </summary>
internal static class ClientProtocol
{
    public const byte Version = 1;

    /// <summary>Longest frame from a client. Less than what nodes send each other, so that every command can be replicated.</summary>
    public const int MaxRequestBytes = 32 << 20;

    /// <summary>A request is at most so much longer than its command.</summary>
    public const int RequestOverhead = 64;

    /// <summary>Longest command in a proposal.</summary>
    public const int MaxCommandBytes = MaxRequestBytes - RequestOverhead;

    /// <summary>Longest frame from a node: one entry, or one record of a state, whatever is larger.</summary>
    public const int MaxReplyBytes = 64 << 20;

    /// <summary>Entries and records are gathered into frames of about this size.</summary>
    public const int BatchBytes = 64 << 10;

    /// <summary>How often a node reports when nothing changes.</summary>
    public static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>A connection on which nothing moves for so long is given up, by either side.</summary>
    public static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(3);

    internal static int BeginFrame(ByteWriter writer, byte kind)
    {
        var start = writer.Length;
        writer.UInt32(0);
        writer.VarInt(GroupId.Default.Value);
        writer.Byte(kind);
        return start;
    }

    internal static void EndFrame(ByteWriter writer, int start) =>
        writer.PatchUInt32(start, (uint)(writer.Length - start - FrameReader.PrefixSize));

    /// <summary>Reads what every frame begins with; the kind of frame.</summary>
    /// <exception cref="FormatException">It is for a group that does not exist here.</exception>
    internal static byte ReadFrameStart(ref ByteReader reader)
    {
        var group = reader.VarInt();
        return group == GroupId.Default.Value ? reader.Byte() : throw new FormatException($"there is no group {group}");
    }
}
