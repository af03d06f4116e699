using Quorate.Core.Clocks;

namespace Quorate.Core.Replication.Regions;

/// <summary>What this region's cluster knows of itself, of the others, and of the time that it has seen.</summary>
public sealed class RegionTable
{
    /// <summary>Null: there are no other regions.</summary>
    public RegionSettings? Settings { get; private set; }

    /// <summary>The latest time of a change from anywhere: own changes are stamped after it.</summary>
    public HlcTimestamp Seen { get; private set; }

    internal void Configure(RegionSettings settings) => Settings = settings;

    internal void See(HlcTimestamp time) => Seen = time > Seen ? time : Seen;

    /// <summary>The time of a change that this region makes now: after everything that it has seen.</summary>
    internal HlcTimestamp Stamp(HlcTimestamp now)
    {
        var stamp = now > Seen ? now : new HlcTimestamp(Seen.Value + 1);
        See(stamp);
        return stamp;
    }
}
