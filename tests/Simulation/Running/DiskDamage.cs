using Quorate.Core.Raft;
using Quorate.Node.Storage;
using Quorate.Simulation.Nodes;
using Quorate.Simulation.Time;

namespace Quorate.Simulation.Running;

/// <summary>
/// Flips bits on disks. A damaged log must be refused at start, which loses the node for good: it never comes back under its id. So it
/// strikes only while no change of members is under way, and where a majority of undamaged voters is left.
/// </summary>
internal sealed class DiskDamage(World world, Operator planned, SeededRandom random)
{
    public void Strike(SimNode node)
    {
        if (node.IsLost || node.IsDamaged || !CanLose(node))
        {
            return;
        }

        node.Crash(power: random.Chance(0.5));
        if (random.Chance(0.5))
        {
            StrikeSnapshot(node);
        }
        else
        {
            StrikeLog(node);
        }
    }

    private bool CanLose(SimNode victim)
    {
        var memberships = world.Check.LiveMemberships.Distinct().ToList();
        return memberships.Count == 1
            && memberships[0].Contains(victim.Id)
            && planned.Possible(memberships[0]).Append(memberships[0]).All(membership =>
                membership.HasQuorum(id => world[id] is var node && node != victim && !node.IsLost && !node.IsDamaged));
    }

    // The older of the two that are kept takes its place, unless the log goes on from the damaged one.
    private void StrikeSnapshot(SimNode node)
    {
        node.IsDamaged = node.Snapshots.Rot(random.Below(int.MaxValue));
        world.Trace.Note($"a bit of the newest snapshot of {node.Id} flips");
    }

    private void StrikeLog(SimNode node)
    {
        var directory = $"/{node.Id}";
        var options = new WalOptions { SegmentBytes = WalOptions.MinSegmentBytes, Node = node.Id };
        var before = WriteAheadLog.Inspect(directory, options, node.Disk);
        if (node.Disk.Rot() is not { } rot)
        {
            return;
        }

        node.IsDamaged = true;
        world.Trace.Note($"a bit of {rot.Path} flips at {rot.Offset}");
        try
        {
            var after = WriteAheadLog.Inspect(directory, options, node.Disk);
            SimulationFailure.Unless(
                IsSame(before, after), Invariant.DamageRefused, $"{rot.Path} is damaged at {rot.Offset} and is read as another log without a word");
        }
        catch (WalCorruptedException refused)
        {
            SimulationFailure.Unless(
                refused.File == rot.Path && refused.Offset <= rot.Offset, Invariant.DamageRefused, $"damage of {rot.Path} at {rot.Offset} is reported as: {refused.Message}");
        }
    }

    private static bool IsSame(RecoveredLog a, RecoveredLog b) =>
        a.HardState == b.HardState && a.LastIndex == b.LastIndex && a.InstalledSnapshot == b.InstalledSnapshot
        && a.Entries.Count == b.Entries.Count && a.Entries.Zip(b.Entries).All(pair => Same(pair.First, pair.Second));

    private static bool Same(Entry a, Entry b) =>
        a.Index == b.Index && a.Term == b.Term && a.Time == b.Time && a.Kind == b.Kind && a.Data.Span.SequenceEqual(b.Data.Span);
}
