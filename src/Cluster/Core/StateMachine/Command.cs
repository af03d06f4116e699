using Quorate.Core.Codec;
using Quorate.Core.StateMachine.Locks;

namespace Quorate.Core.StateMachine;

/// <summary>
/// Something a client asks the replicated state to do. A closed hierarchy: each table declares its commands beside it,
/// <see cref="CommandCodec"/> and <see cref="ClusterState"/> know every case.
/// </summary>
public abstract record Command;

/// <summary>Identifies one request of one gateway, so that the gateway recognises the outcome wherever it shows up.</summary>
/// <param name="Client">Drawn at random when the gateway starts; 0 when the sender does not care.</param>
/// <param name="Number">Counted by the gateway.</param>
public readonly record struct RequestId(long Client, long Number);

/// <summary>A write's place in a client session; makes it exactly-once.</summary>
/// <param name="Session">As answered when the session was opened.</param>
/// <param name="Sequence">Counted by the client from 1.</param>
public readonly record struct SessionSequence(long Session, long Sequence);

/// <summary>A command with everything that travels with it.</summary>
/// <param name="IdempotencyKey">A retry that carries the same key gets the first answer.</param>
/// <param name="Fence">Carried out only while the lock is held with the token.</param>
public sealed record CommandEnvelope(
    RequestId Request,
    Command Command,
    SessionSequence? Session = null,
    string? IdempotencyKey = null,
    string? Reason = null,
    Fence? Fence = null)
{
    /// <summary>Longest <see cref="IdempotencyKey"/>, in characters.</summary>
    public const int MaxIdempotencyKey = 128;
}

/// <summary>The bytes of a <see cref="CommandEnvelope"/>, as they stand in the log.</summary>
public static class CommandCodec
{
    [Flags]
    private enum Parts : byte
    {
        None = 0,
        Session = 1,
        IdempotencyKey = 2,
        Reason = 4,
        Fence = 8,
        All = Session | IdempotencyKey | Reason | Fence,
    }

    public static byte[] Encode(CommandEnvelope envelope)
    {
        var writer = new ByteWriter();
        Write(writer, envelope);
        return writer.ToArray();
    }

    /// <summary>The bytes of the command alone, which are the same in every retry.</summary>
    internal static byte[] Body(Command command)
    {
        var writer = new ByteWriter();
        CommandBodyCodec.Write(writer, command);
        return writer.ToArray();
    }

    public static void Write(ByteWriter writer, CommandEnvelope envelope)
    {
        var parts = (envelope.Session is null ? Parts.None : Parts.Session)
            | (envelope.IdempotencyKey is null ? Parts.None : Parts.IdempotencyKey)
            | (envelope.Reason is null ? Parts.None : Parts.Reason)
            | (envelope.Fence is null ? Parts.None : Parts.Fence);
        writer.Byte((byte)parts);
        writer.Int64(envelope.Request.Client);
        writer.VarInt(envelope.Request.Number);
        if (envelope.Session is { } session)
        {
            writer.VarInt(session.Session);
            writer.VarInt(session.Sequence);
        }

        if (envelope.IdempotencyKey is { } key)
        {
            writer.String(key);
        }

        if (envelope.Reason is { } reason)
        {
            writer.String(reason);
        }

        if (envelope.Fence is { } fence)
        {
            writer.String(fence.Lock);
            writer.VarInt(fence.Token);
        }

        CommandBodyCodec.Write(writer, envelope.Command);
    }

    /// <param name="data">Not copied: values in the command are slices of it.</param>
    /// <param name="command">Where the command itself begins in <paramref name="data"/>, after everything that may differ in a retry.</param>
    /// <exception cref="FormatException">The bytes are not a command of this version.</exception>
    public static CommandEnvelope Decode(ReadOnlyMemory<byte> data, out ReadOnlyMemory<byte> command)
    {
        var reader = new ByteReader(data);
        var parts = (Parts)reader.Byte();
        if ((parts & ~Parts.All) != 0)
        {
            throw new FormatException($"command has unknown parts {parts}");
        }

        var request = new RequestId(reader.Int64(), reader.VarInt());
        SessionSequence? session = parts.HasFlag(Parts.Session) ? new SessionSequence(reader.VarInt(), reader.VarInt()) : null;
        var key = parts.HasFlag(Parts.IdempotencyKey) ? reader.String() : null;
        var reason = parts.HasFlag(Parts.Reason) ? reader.String() : null;
        Fence? fence = parts.HasFlag(Parts.Fence) ? new Fence(reader.String(), reader.VarInt()) : null;
        command = data[reader.Position..];
        var body = CommandBodyCodec.Read(ref reader);
        reader.End();
        return new CommandEnvelope(request, body, session, key, reason, fence);
    }
}
