using Quorate.Core.Clocks;
using Quorate.Core.Codec;

namespace Quorate.Core.StateMachine.Locks;

/// <summary>Locks as they stand in snapshots and results.</summary>
internal static partial class LockCodec
{
    public static void Write(ByteWriter writer, LockState state)
    {
        if (state.Permits > 0)
        {
            writer.VarInt(state.Permits);
        }

        writer.String(state.Name);
        writer.VarInt(state.NewestToken);
        WriteHolds(writer, state.Holds);
        writer.VarInt(state.Waits.Count);
        foreach (var wait in state.Waits)
        {
            writer.String(wait.Owner);
            WriteMode(writer, wait.Mode, wait.Permits);
            writer.VarInt(wait.Ticket);
            writer.VarInt(wait.Since.Value);
            writer.VarInt(wait.Until.Value);
            writer.OptionalInt64(wait.TtlMs);
            writer.OptionalInt64(wait.Session);
        }
    }

    public static LockState ReadState(ref ByteReader reader, bool semaphore)
    {
        var permits = semaphore ? ReadPermits(ref reader) : 0;
        var name = reader.String();
        var newest = reader.VarInt();
        var holds = ReadHolds(ref reader);
        var waits = new LockWait[reader.Count()];
        for (var i = 0; i < waits.Length; i++)
        {
            var owner = reader.String();
            var mode = ReadMode(ref reader, out var take);
            waits[i] = new LockWait(
                owner,
                mode,
                reader.VarInt(),
                new HlcTimestamp(reader.VarInt()),
                new HlcTimestamp(reader.VarInt()),
                reader.OptionalInt64(),
                reader.OptionalInt64(),
                take);
        }

        return new LockState(name, holds, waits, newest, permits);
    }

    public static void Write(ByteWriter writer, LockWaitAll waits)
    {
        writer.VarInt(waits.Ticket);
        writer.String(waits.Owner);
        WriteParts(writer, waits.Parts);
    }

    public static LockWaitAll ReadWaitAll(ref ByteReader reader) => new(reader.VarInt(), reader.String(), ReadParts(ref reader));

    public static void WriteParts(ByteWriter writer, IReadOnlyList<LockPart> parts)
    {
        writer.VarInt(parts.Count);
        foreach (var part in parts)
        {
            writer.String(part.Name);
            WriteMode(writer, part.Mode, part.Take);
            if (part.Mode == LockMode.Semaphore)
            {
                writer.VarInt(part.Permits);
            }
        }
    }

    /// <exception cref="FormatException">Not 1 to <see cref="LockAcquireAll.MaxLocks"/> locks, strictly in the order of their names.</exception>
    public static LockPart[] ReadParts(ref ByteReader reader)
    {
        var count = reader.Count();
        if (count is 0 or > LockAcquireAll.MaxLocks)
        {
            throw new FormatException($"a request for {count} locks is not of this version");
        }

        var parts = new LockPart[count];
        for (var i = 0; i < count; i++)
        {
            var name = reader.String();
            var mode = ReadMode(ref reader, out var take);
            parts[i] = new LockPart(name, mode, mode == LockMode.Semaphore ? ReadPermits(ref reader) : 0, take);
            if (parts[i].Take > parts[i].Permits || (i > 0 && string.CompareOrdinal(parts[i - 1].Name, name) >= 0))
            {
                throw new FormatException("the locks of a request are out of order or ask for too much");
            }
        }

        return parts;
    }

    public static void WriteHolds(ByteWriter writer, IReadOnlyList<LockHold> holds)
    {
        writer.VarInt(holds.Count);
        foreach (var hold in holds)
        {
            Write(writer, hold);
        }
    }

    public static LockHold[] ReadHolds(ref ByteReader reader)
    {
        var holds = new LockHold[reader.Count()];
        for (var i = 0; i < holds.Length; i++)
        {
            holds[i] = ReadHold(ref reader);
        }

        return holds;
    }

    public static void Write(ByteWriter writer, LockHold hold)
    {
        writer.String(hold.Owner);
        WriteMode(writer, hold.Mode, hold.Permits);
        writer.VarInt(hold.Token);
        writer.VarInt(hold.AcquiredAt.Value);
        writer.OptionalInt64(hold.ExpiresAt?.Value);
        writer.OptionalInt64(hold.TtlMs);
        writer.VarInt(hold.Count);
        writer.OptionalInt64(hold.Session);
    }

    public static LockHold ReadHold(ref ByteReader reader)
    {
        var owner = reader.String();
        var mode = ReadMode(ref reader, out var permits);
        return new LockHold(
            owner,
            mode,
            reader.VarInt(),
            new HlcTimestamp(reader.VarInt()),
            reader.OptionalInt64() is { } due ? new HlcTimestamp(due) : null,
            reader.OptionalInt64(),
            (int)reader.VarInt(),
            reader.OptionalInt64(),
            permits);
    }

    public static void Write(ByteWriter writer, Deadlock deadlock)
    {
        writer.VarInt(deadlock.Index);
        writer.VarInt(deadlock.At.Value);
        writer.String(deadlock.Victim);
        writer.String(deadlock.Lock);
        WriteCycle(writer, deadlock.Cycle);
    }

    /// <param name="modes">Whether the steps of the cycle carry modes; the first version had none.</param>
    public static Deadlock ReadDeadlock(ref ByteReader reader, bool modes) => new(
        reader.VarInt(), new HlcTimestamp(reader.VarInt()), reader.String(), reader.String(), ReadCycle(ref reader, modes));

    public static void WriteCycle(ByteWriter writer, IReadOnlyList<CycleStep> cycle)
    {
        writer.VarInt(cycle.Count);
        foreach (var step in cycle)
        {
            writer.String(step.Owner);
            writer.String(step.Lock);
            writer.String(step.HeldBy);
            writer.Byte((byte)step.Mode);
        }
    }

    public static CycleStep[] ReadCycle(ref ByteReader reader, bool modes)
    {
        var cycle = new CycleStep[reader.Count()];
        for (var i = 0; i < cycle.Length; i++)
        {
            cycle[i] = new CycleStep(
                reader.String(), reader.String(), reader.String(), modes ? ReadModeAlone(ref reader) : LockMode.Exclusive);
        }

        return cycle;
    }

    /// <summary>A mode; for a semaphore with the permits taken.</summary>
    public static void WriteMode(ByteWriter writer, LockMode mode, int take)
    {
        writer.Byte((byte)mode);
        if (mode == LockMode.Semaphore)
        {
            writer.VarInt(take);
        }
    }

    public static LockMode ReadMode(ref ByteReader reader, out int take)
    {
        var mode = ReadModeAlone(ref reader);
        take = mode == LockMode.Semaphore ? ReadPermits(ref reader) : 0;
        return mode;
    }

    public static int ReadPermits(ref ByteReader reader) =>
        reader.VarInt() is >= 1 and <= LockPart.MaxPermits and var permits ? (int)permits : throw new FormatException("permits are out of range");

    public static LockMode ReadModeAlone(ref ByteReader reader)
    {
        var mode = (LockMode)reader.Byte();
        return mode is >= LockMode.Exclusive and <= LockMode.Semaphore ? mode : throw new FormatException($"{mode} is no lock mode");
    }
}
