using Quorate.Core.Clocks;
using Quorate.Core.Codec;
using Quorate.Core.StateMachine;

namespace Quorate.Core.Replication.Regions;

/// <summary>What a region knows as records of a snapshot. Where there are no other regions there are none.</summary>
internal static class RegionRecords
{
    public static IEnumerable<(byte Tag, Action<ByteWriter> Write)> Of(FrozenRegion region)
    {
        if (region.Settings is not { } settings)
        {
            yield break;
        }

        yield return (SnapshotTags.Region, writer =>
        {
            RegionCodec.Write(writer, settings);
            writer.VarInt(region.Seen.Value);
            writer.VarInt(region.Forgotten);
            for (var strategy = 1; strategy < region.Conflicts.Found.Count; strategy++)
            {
                writer.VarInt(region.Conflicts.Found[strategy]);
            }
        });
        foreach (var (_, conflict) in region.Conflicts.Conflicts.All())
        {
            yield return (SnapshotTags.Conflict, writer => RegionCodec.Write(writer, conflict));
        }

        foreach (var (_, brake) in region.Brakes.Brakes.All())
        {
            yield return (SnapshotTags.Brake, writer => RegionCodec.Write(writer, brake));
        }

        foreach (var (_, change) in region.Brakes.Held.All())
        {
            yield return (SnapshotTags.HeldDeletion, writer => ChangeCodec.Write(writer, change));
        }
    }

    public static void Restore(byte tag, ref ByteReader reader, RegionTable table)
    {
        switch (tag)
        {
            case SnapshotTags.Region:
                table.Restore(RegionCodec.ReadSettings(ref reader), new HlcTimestamp(reader.VarInt()), reader.VarInt());
                table.Conflicts.RestoreFound(ref reader);
                break;
            case SnapshotTags.Conflict:
                table.Conflicts.Restore(RegionCodec.ReadConflict(ref reader));
                break;
            case SnapshotTags.Brake:
                table.Brakes.Restore(RegionCodec.ReadBrake(ref reader));
                break;
            default:
                table.Brakes.Restore(ChangeCodec.ReadChange(ref reader));
                break;
        }
    }
}

/// <summary>What a region knew after one entry.</summary>
internal sealed record FrozenRegion(RegionSettings? Settings, HlcTimestamp Seen, long Forgotten, FrozenConflicts Conflicts, FrozenBrakes Brakes);
