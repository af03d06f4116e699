using System.Diagnostics;
using Quorate.Core.Codec;

namespace Quorate.Core.StateMachine.Locks;

/// <summary>The bytes of the results that came with semaphores, fences and requests for several locks. Tags are part of the format.</summary>
internal static class LockResultCodec
{
    public const byte FirstTag = 31;
    public const byte LastTag = 39;

    private const byte Deadlock = 31;
    private const byte FenceStale = 32;
    private const byte Granted = 33;
    private const byte Held = 34;
    private const byte PermitsDiffer = 35;
    private const byte WaitsAlready = 36;

    public static void Write(ByteWriter writer, CommandResult result)
    {
        switch (result)
        {
            case CommandResult.LockDeadlock deadlock:
                writer.Byte(Deadlock);
                LockCodec.WriteCycle(writer, deadlock.Cycle);
                break;
            case CommandResult.FenceStale stale:
                writer.Byte(FenceStale);
                writer.String(stale.Lock);
                writer.VarInt(stale.Token);
                writer.OptionalInt64(stale.Newest);
                break;
            case CommandResult.LocksGranted granted:
                writer.Byte(Granted);
                writer.VarInt(granted.Holds.Count);
                foreach (var (name, hold) in granted.Holds)
                {
                    writer.String(name);
                    LockCodec.Write(writer, hold);
                }

                break;
            case CommandResult.LocksHeld held:
                writer.Byte(Held);
                writer.VarInt(held.Locks.Count);
                foreach (var (name, holders) in held.Locks)
                {
                    writer.String(name);
                    LockCodec.WriteHolds(writer, holders);
                }

                break;
            case CommandResult.LockPermitsDiffer differ:
                writer.Byte(PermitsDiffer);
                writer.String(differ.Lock);
                writer.VarInt(differ.Permits);
                break;
            case CommandResult.LockWaitsAlready waits:
                writer.Byte(WaitsAlready);
                writer.String(waits.Lock);
                break;
            default:
                throw new UnreachableException(result.GetType().Name);
        }
    }

    public static CommandResult Read(byte tag, ref ByteReader reader)
    {
        switch (tag)
        {
            case Deadlock:
                return new CommandResult.LockDeadlock(LockCodec.ReadCycle(ref reader, modes: true));
            case FenceStale:
                return new CommandResult.FenceStale(reader.String(), reader.VarInt(), reader.OptionalInt64());
            case Granted:
                var holds = new NamedHold[reader.Count()];
                for (var i = 0; i < holds.Length; i++)
                {
                    holds[i] = new NamedHold(reader.String(), LockCodec.ReadHold(ref reader));
                }

                return new CommandResult.LocksGranted(holds);
            case Held:
                var held = new HeldLock[reader.Count()];
                for (var i = 0; i < held.Length; i++)
                {
                    held[i] = new HeldLock(reader.String(), LockCodec.ReadHolds(ref reader));
                }

                return new CommandResult.LocksHeld(held);
            case PermitsDiffer:
                return new CommandResult.LockPermitsDiffer(reader.String(), (int)reader.VarInt());
            case WaitsAlready:
                return new CommandResult.LockWaitsAlready(reader.String());
            default:
                throw new FormatException($"result tag {tag} is not of this version");
        }
    }
}
