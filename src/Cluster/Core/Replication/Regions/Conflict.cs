using System.Security.Cryptography;
using System.Text;
using Quorate.Core.Clocks;
using Quorate.Core.StateMachine.Documents;

namespace Quorate.Core.Replication.Regions;

public enum ConflictStatus : byte
{
    /// <summary>Waits for somebody to decide.</summary>
    Open = 1,

    /// <summary>The strategy decided.</summary>
    Automatic = 2,

    Overwritten = 3,
    Resolved = 4,
    Undone = 5,
}

/// <summary>A settlement with the change that carried it.</summary>
/// <param name="Result">What the document became.</param>
public sealed record SettlementRecord(Settlement Settlement, DocumentVersion Result)
{
    /// <summary>Whether each version was to live on under a name of its own.</summary>
    public bool IsFork => Result.IsDeletion && Settlement is { Chosen: null, Kind: SettlementKind.Resolved or SettlementKind.Undone };

    internal static int CompareByTime(SettlementRecord left, SettlementRecord right) => DocumentVersion.CompareByTime(left.Result, right.Result);
}

/// <summary>Versions of a document of which none had seen another, and what was done about it.</summary>
/// <param name="Id">The same in every region; see <see cref="IdOf"/>.</param>
/// <param name="Live">The versions while they stand against each other; null since one change has seen all of them.</param>
/// <param name="Settlements">By time.</param>
public sealed record Conflict(
    string Id, string Collection, string Key, ConflictStrategy Strategy, VersionSet? Live, IReadOnlyList<SettlementRecord> Settlements)
{
    private const int IdBytes = 12;

    /// <summary>What stands, or stood, against each other. Every loser is among them.</summary>
    public VersionSet Versions => Live ?? VersionSet.Of(Settlements.SelectMany(record => record.Settlement.Versions));

    /// <summary>When the latest of the versions was written.</summary>
    public HlcTimestamp At => Versions.Latest.At;

    public SettlementRecord? Last => Settlements.Count == 0 ? null : Settlements[^1];

    public ConflictStatus Status => Live is not null ? Unsettled(ConflictStatus.Automatic) : Last!.Settlement.Kind switch
    {
        SettlementKind.Undone => Unsettled(ConflictStatus.Undone),
        SettlementKind.Resolved => ConflictStatus.Resolved,
        _ => ConflictStatus.Overwritten,
    };

    public long Cost => Versions.Versions.Sum(version => version.Cost) + Settlements.Sum(record => record.Result.Cost);

    /// <summary>
    /// The name of the conflict between versions: a hash over collection, key, the clock of the last change that all of them had seen, and those
    /// versions in which changes of several regions came together since. Such a one may be a decision, and what stands against it is another
    /// conflict than the one that it ended: under one name the losers of the first would make room for those of the second.
    /// </summary>
    public static string IdOf(string collection, string key, VersionSet versions)
    {
        var common = versions.Versions.Select(version => version.Clock).Aggregate((left, right) => left.Common(right));
        var joined = versions.Versions.Select(version => version.Clock).Where(clock => clock.Counters.Count(pair => pair.Value > common[pair.Key]) > 1);
        var name = Encoding.UTF8.GetBytes($"{collection}\0{key}\0{common}{string.Concat(joined.Select(clock => $"\0{clock}"))}");
        return Convert.ToHexStringLower(SHA256.HashData(name).AsSpan(0, IdBytes));
    }

    private ConflictStatus Unsettled(ConflictStatus status) => Strategy == ConflictStrategy.Manual ? ConflictStatus.Open : status;
}
