namespace Quorate.Core.Replication.Regions;

/// <summary>Mistakes that the simulation of regions builds in on purpose, to show that it notices them. Never set anywhere else.</summary>
internal enum Mistake : byte
{
    None = 0,

    /// <summary>What a write replaces in a conflict is not kept.</summary>
    LoserForgotten,

    /// <summary>A deletion is not remembered: an older version that comes later brings the document back.</summary>
    DeletionForgotten,

    /// <summary>A write has seen only the latest of several versions.</summary>
    ClockNotJoined,
}
