using Quorate.Core.StateMachine.Documents;

namespace Quorate.Core.Replication.Regions;

public enum SettlementKind : byte
{
    /// <summary>Somebody wrote the document, and what stood beside what they saw gave way.</summary>
    Overwritten = 1,

    /// <summary>Somebody decided.</summary>
    Resolved = 2,

    /// <summary>Somebody took a decision back.</summary>
    Undone = 3,
}

/// <summary>How a conflict ended: travels with the change that ended it.</summary>
/// <param name="Conflict">Its id, the same in every region.</param>
/// <param name="Strategy">The collection's, as whoever did it saw it.</param>
/// <param name="Versions">What stood against each other, by region. Every loser is among them.</param>
/// <param name="Chosen">The region whose version was taken; null when the value is another.</param>
/// <param name="Reason">What whoever did it said; at most <see cref="MaxReason"/> characters.</param>
public sealed record Settlement(
    string Conflict,
    ConflictStrategy Strategy,
    SettlementKind Kind,
    IReadOnlyList<DocumentVersion> Versions,
    string? Chosen = null,
    string? Reason = null)
{
    public const int MaxReason = 1024;
}
