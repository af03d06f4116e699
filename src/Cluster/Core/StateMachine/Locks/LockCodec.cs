using Quorate.Core.Clocks;
using Quorate.Core.Codec;

namespace Quorate.Core.StateMachine.Locks;

/// <summary>Locks as they stand in snapshots and results.</summary>
internal static class LockCodec
{
    public static void Write(ByteWriter writer, LockState state)
    {
        writer.String(state.Name);
        writer.VarInt(state.NewestToken);
        WriteHolds(writer, state.Holds);
        writer.VarInt(state.Waits.Count);
        foreach (var wait in state.Waits)
        {
            writer.String(wait.Owner);
            writer.Byte((byte)wait.Mode);
            writer.VarInt(wait.Ticket);
            writer.VarInt(wait.Since.Value);
            writer.VarInt(wait.Until.Value);
            writer.OptionalInt64(wait.TtlMs);
            writer.OptionalInt64(wait.Session);
        }
    }

    public static LockState ReadState(ref ByteReader reader)
    {
        var name = reader.String();
        var newest = reader.VarInt();
        var holds = ReadHolds(ref reader);
        var waits = new LockWait[reader.Count()];
        for (var i = 0; i < waits.Length; i++)
        {
            waits[i] = new LockWait(
                reader.String(),
                CommandBodyCodec.ReadMode(ref reader),
                reader.VarInt(),
                new HlcTimestamp(reader.VarInt()),
                new HlcTimestamp(reader.VarInt()),
                reader.OptionalInt64(),
                reader.OptionalInt64());
        }

        return new LockState(name, holds, waits, newest);
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
        writer.Byte((byte)hold.Mode);
        writer.VarInt(hold.Token);
        writer.VarInt(hold.AcquiredAt.Value);
        writer.OptionalInt64(hold.ExpiresAt?.Value);
        writer.OptionalInt64(hold.TtlMs);
        writer.VarInt(hold.Count);
        writer.OptionalInt64(hold.Session);
    }

    public static LockHold ReadHold(ref ByteReader reader) => new(
        reader.String(),
        CommandBodyCodec.ReadMode(ref reader),
        reader.VarInt(),
        new HlcTimestamp(reader.VarInt()),
        reader.OptionalInt64() is { } due ? new HlcTimestamp(due) : null,
        reader.OptionalInt64(),
        (int)reader.VarInt(),
        reader.OptionalInt64());

    public static void Write(ByteWriter writer, Deadlock deadlock)
    {
        writer.VarInt(deadlock.Index);
        writer.VarInt(deadlock.At.Value);
        writer.String(deadlock.Victim);
        writer.String(deadlock.Lock);
        WriteCycle(writer, deadlock.Cycle);
    }

    public static Deadlock ReadDeadlock(ref ByteReader reader) => new(
        reader.VarInt(), new HlcTimestamp(reader.VarInt()), reader.String(), reader.String(), ReadCycle(ref reader));

    public static void WriteCycle(ByteWriter writer, IReadOnlyList<CycleStep> cycle)
    {
        writer.VarInt(cycle.Count);
        foreach (var step in cycle)
        {
            writer.String(step.Owner);
            writer.String(step.Lock);
            writer.String(step.HeldBy);
        }
    }

    public static CycleStep[] ReadCycle(ref ByteReader reader)
    {
        var cycle = new CycleStep[reader.Count()];
        for (var i = 0; i < cycle.Length; i++)
        {
            cycle[i] = new CycleStep(reader.String(), reader.String(), reader.String());
        }

        return cycle;
    }
}
