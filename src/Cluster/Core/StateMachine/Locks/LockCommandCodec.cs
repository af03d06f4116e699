using Quorate.Core.Codec;

namespace Quorate.Core.StateMachine.Locks;

/// <summary>The bytes of requests for locks, behind their tags.</summary>
internal static class LockCommandCodec
{
    public static void Write(ByteWriter writer, LockAcquire acquire)
    {
        writer.String(acquire.Name);
        writer.String(acquire.Owner);
        if (acquire.Mode == LockMode.Semaphore)
        {
            writer.VarInt(acquire.Permits);
            writer.VarInt(acquire.Take);
        }
        else
        {
            writer.Byte((byte)acquire.Mode);
        }

        writer.OptionalInt64(acquire.TtlMs);
        writer.VarInt(acquire.WaitMs);
        writer.OptionalInt64(acquire.Session);
    }

    public static LockAcquire ReadAcquire(ref ByteReader reader, bool semaphore)
    {
        var (name, owner) = (reader.String(), reader.String());
        var permits = semaphore ? LockCodec.ReadPermits(ref reader) : 0;
        var take = semaphore ? LockCodec.ReadPermits(ref reader) : 0;
        var mode = semaphore ? LockMode.Semaphore : LockCodec.ReadModeAlone(ref reader);
        if (take > permits || (!semaphore && mode == LockMode.Semaphore))
        {
            throw new FormatException($"{take} of {permits} permits in mode {mode} is no request");
        }

        return new LockAcquire(name, owner, mode, reader.OptionalInt64(), reader.VarInt(), reader.OptionalInt64(), permits, take);
    }

    public static void Write(ByteWriter writer, LockAcquireAll acquire)
    {
        LockCodec.WriteParts(writer, acquire.Parts);
        writer.String(acquire.Owner);
        writer.OptionalInt64(acquire.TtlMs);
        writer.VarInt(acquire.WaitMs);
        writer.OptionalInt64(acquire.Session);
    }

    public static LockAcquireAll ReadAcquireAll(ref ByteReader reader) => new(
        LockCodec.ReadParts(ref reader), reader.String(), reader.OptionalInt64(), reader.VarInt(), reader.OptionalInt64());
}
