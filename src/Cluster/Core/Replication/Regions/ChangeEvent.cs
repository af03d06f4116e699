using Quorate.Core.Clocks;
using Quorate.Core.StateMachine.Documents;

namespace Quorate.Core.Replication.Regions;

public enum ChangeKind : byte
{
    Create = 1,
    Update = 2,
    Delete = 3,
    CreateCollection = 4,
    DropCollection = 5,
}

/// <summary>A change on its way from the region that made it to the others.</summary>
/// <param name="Origin">The region that made it.</param>
/// <param name="Number">Counted by the origin from 1 in the order of sending, without gaps; 0 before it was taken for sending, and in an export.</param>
/// <param name="At">When it was made. For a change of a document the time of its version.</param>
/// <param name="Strategy">Of the collection, so that a document may arrive before the collection that it is in.</param>
/// <param name="StrategyAt">When the collection got that strategy: the latest counts.</param>
/// <param name="Key">Of the document; null for collections.</param>
/// <param name="Version">What the document is after the change; null for collections.</param>
/// <param name="Settlement">The conflict that the change ended; null when there was none.</param>
/// <param name="SentMs">When it was taken for sending, by the origin's clock: Unix milliseconds; 0 before.</param>
/// <param name="Again">Whether the origin offers what it has, whoever made it, because the coordinator has lost something.</param>
public sealed record ChangeEvent(
    string Origin,
    long Number,
    ChangeKind Kind,
    HlcTimestamp At,
    string Collection,
    ConflictStrategy Strategy,
    HlcTimestamp StrategyAt,
    string? Key = null,
    DocumentVersion? Version = null,
    Settlement? Settlement = null,
    long SentMs = 0,
    bool Again = false)
{
    public const int Priorities = 4;

    /// <summary>Bytes that a change counts with, beside names and versions.</summary>
    public const int Overhead = 128;

    /// <summary>0 goes first: deletions, creations, updates, collections. Dropping a collection is a deletion.</summary>
    public int Priority => Kind switch
    {
        ChangeKind.Delete or ChangeKind.DropCollection => 0,
        ChangeKind.Create => 1,
        ChangeKind.Update => 2,
        _ => 3,
    };

    public long Cost =>
        Overhead + (2 * (Collection.Length + (Key?.Length ?? 0))) + (Version?.Cost ?? 0) + (Settlement?.Versions.Sum(version => version.Cost) ?? 0);
}
