using Quorate.Core.Clocks;
using Quorate.Core.Codec;

namespace Quorate.Core.StateMachine.Elections;

/// <summary>Elections as they stand in snapshots.</summary>
internal static class ElectionCodec
{
    public static void Write(ByteWriter writer, ElectionState state)
    {
        writer.String(state.Name);
        writer.VarInt(state.NewestToken);
        writer.Bool(state.Leader is not null);
        if (state.Leader is { } leader)
        {
            Write(writer, leader.Candidate);
            writer.VarInt(leader.Token);
            writer.VarInt(leader.From.Value);
        }

        writer.VarInt(state.Waiting.Count);
        foreach (var candidate in state.Waiting)
        {
            Write(writer, candidate);
        }

        writer.VarInt(state.Past.Count);
        foreach (var term in state.Past)
        {
            writer.VarInt(term.Token);
            writer.String(term.Leader);
            writer.Bytes(term.Value.Span);
            writer.VarInt(term.From.Value);
            writer.VarInt(term.To.Value);
            writer.Byte((byte)term.Cause);
            writer.OptionalString(term.Reason);
        }
    }

    public static ElectionState Read(ref ByteReader reader)
    {
        var name = reader.String();
        var newest = reader.VarInt();
        var leader = reader.Bool()
            ? new Incumbent(ReadCandidate(ref reader), reader.VarInt(), new HlcTimestamp(reader.VarInt()))
            : null;
        var waiting = new Candidate[reader.Count()];
        for (var i = 0; i < waiting.Length; i++)
        {
            waiting[i] = ReadCandidate(ref reader);
        }

        var past = new PastTerm[reader.Count()];
        for (var i = 0; i < past.Length; i++)
        {
            past[i] = new PastTerm(
                reader.VarInt(),
                reader.String(),
                reader.Bytes().ToArray(),
                new HlcTimestamp(reader.VarInt()),
                new HlcTimestamp(reader.VarInt()),
                ReadEnd(ref reader),
                reader.OptionalString());
        }

        return new ElectionState(name, leader, waiting, past, newest);
    }

    private static void Write(ByteWriter writer, Candidate candidate)
    {
        writer.String(candidate.Name);
        writer.Bytes(candidate.Value.Span);
        writer.VarInt(candidate.Since.Value);
        writer.OptionalInt64(candidate.ExpiresAt?.Value);
        writer.OptionalInt64(candidate.TtlMs);
        writer.OptionalInt64(candidate.Session);
    }

    private static Candidate ReadCandidate(ref ByteReader reader) => new(
        reader.String(),
        reader.Bytes().ToArray(),
        new HlcTimestamp(reader.VarInt()),
        reader.OptionalInt64() is { } due ? new HlcTimestamp(due) : null,
        reader.OptionalInt64(),
        reader.OptionalInt64());

    private static TermEnd ReadEnd(ref ByteReader reader)
    {
        var cause = (TermEnd)reader.Byte();
        return cause is >= TermEnd.Resigned and <= TermEnd.SessionEnded ? cause : throw new FormatException($"{cause} is no end of a term");
    }
}
