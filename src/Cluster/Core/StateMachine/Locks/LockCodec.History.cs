using Quorate.Core.Clocks;
using Quorate.Core.Codec;

namespace Quorate.Core.StateMachine.Locks;

/// <summary>Flight recorders as they stand in snapshots.</summary>
internal static partial class LockCodec
{
    public static void Write(ByteWriter writer, LockHistory history)
    {
        writer.String(history.Name);
        writer.Bool(history.LastStale is not null);
        if (history.LastStale is { } stale)
        {
            Write(writer, stale);
        }

        writer.VarInt(history.Count);
        foreach (var transition in history.Transitions)
        {
            Write(writer, transition);
        }
    }

    public static LockHistory ReadHistory(ref ByteReader reader)
    {
        var history = new LockHistory(reader.String());
        var stale = reader.Bool() ? ReadTransition(ref reader) : null;
        var count = reader.Count();
        for (var i = 0; i < count; i++)
        {
            history = history.Add(ReadTransition(ref reader));
        }

        return history.WithLastStale(stale);
    }

    private static void Write(ByteWriter writer, LockTransition transition)
    {
        writer.VarInt(transition.Index);
        writer.VarInt(transition.Time.Value);
        writer.Byte((byte)transition.Kind);
        writer.String(transition.Owner);
        writer.Byte((byte)transition.Mode);
        writer.VarInt(transition.Token);
    }

    private static LockTransition ReadTransition(ref ByteReader reader) => new(
        reader.VarInt(),
        new HlcTimestamp(reader.VarInt()),
        ReadKind(ref reader),
        reader.String(),
        ReadModeAlone(ref reader),
        reader.VarInt());

    private static LockTransitionKind ReadKind(ref ByteReader reader)
    {
        var kind = (LockTransitionKind)reader.Byte();
        return kind is >= LockTransitionKind.Granted and <= LockTransitionKind.SessionEnded
            ? kind
            : throw new FormatException($"{kind} is no transition of a lock");
    }
}
