namespace Quorate.Core.Replication.Regions;

/// <summary>What a region's cluster knows of itself and the others. The same in all its nodes: it is part of the replicated state.</summary>
/// <param name="Self">This region.</param>
/// <param name="Regions">All regions, this one among them, in the order of the configuration.</param>
/// <param name="Coordinator">The region whose cluster passes changes on.</param>
/// <param name="ClockBudgetMs">A change from further in the future is refused; milliseconds.</param>
/// <param name="MaxDocumentBytes">A change with a larger value is refused.</param>
/// <param name="BrakeShare">Of a collection's documents: when more are to be deleted within a minute by others, the rest waits. Above 0, at most 1; 1: never.</param>
/// <param name="BrakeMinimum">Deletions that are let through in any case.</param>
/// <param name="MaxOutbox">Changes that may wait in the outbox; beyond it writes of documents are refused.</param>
/// <param name="MaxOutboxBytes">What they may count together.</param>
/// <param name="KeepEvents">Changes of one origin that the coordinator keeps for regions that are behind.</param>
/// <param name="KeepEventBytes">What they may count together.</param>
public sealed record RegionSettings(
    string Self,
    IReadOnlyList<string> Regions,
    string Coordinator,
    long ClockBudgetMs = 10_000,
    int MaxDocumentBytes = 1 << 20,
    double BrakeShare = 0.5,
    int BrakeMinimum = 100,
    int MaxOutbox = 1_000_000,
    long MaxOutboxBytes = 512L << 20,
    int KeepEvents = 1_000_000,
    long KeepEventBytes = 512L << 20)
{
    public const int MaxRegions = 16;

    /// <summary>Deleted documents are remembered this long.</summary>
    public const long KeepDeletionsMs = 10L * 24 * 60 * 60 * 1000;

    public bool IsCoordinator => Self == Coordinator;

    public bool Knows(string region) => Regions.Contains(region);

    public bool HasSameMeaning(RegionSettings other) => Regions.SequenceEqual(other.Regions) && this == (other with { Regions = Regions });
}
