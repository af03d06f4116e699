using Quorate.Core.Clocks;

namespace Quorate.Core.StateMachine.Elections;

/// <summary>Somebody who stands in an election.</summary>
/// <param name="Since">Since when.</param>
/// <param name="TtlMs">As asked for; null when bound to a session only.</param>
/// <param name="Session">Ends with this session; null: with nothing but its time.</param>
public sealed record Candidate(
    string Name, ReadOnlyMemory<byte> Value, HlcTimestamp Since, HlcTimestamp? ExpiresAt, long? TtlMs, long? Session);

/// <summary>The candidate that leads.</summary>
/// <param name="Token">Fencing token: strictly increasing along the terms of an election.</param>
/// <param name="From">Since when it leads.</param>
public sealed record Incumbent(Candidate Candidate, long Token, HlcTimestamp From);

public enum TermEnd : byte
{
    /// <summary>The leader stood down, or an operator made it.</summary>
    Resigned = 1,

    /// <summary>The leader did not renew in time.</summary>
    Expired = 2,

    /// <summary>The leader's session closed or expired.</summary>
    SessionEnded = 3,
}

/// <summary>A leadership that is over.</summary>
/// <param name="Value">What the leader proclaimed last.</param>
/// <param name="Reason">Why, as whoever ended it said.</param>
public sealed record PastTerm(
    long Token, string Leader, ReadOnlyMemory<byte> Value, HlcTimestamp From, HlcTimestamp To, TermEnd Cause, string? Reason);

/// <summary>An election. Immutable: a change makes a new one.</summary>
/// <remarks>
/// Invariants: 1. a candidate stands once, as leader or in the queue; 2. nobody waits while nobody leads; 3. tokens of past terms are
/// below the leader's, and grow up to <see cref="NewestToken"/>; 4. no candidacy outlives its time.
/// </remarks>
/// <param name="Waiting">In the order in which they will lead.</param>
/// <param name="Past">Oldest first.</param>
/// <param name="NewestToken">The highest token given.</param>
public sealed record ElectionState(
    string Name, Incumbent? Leader, IReadOnlyList<Candidate> Waiting, IReadOnlyList<PastTerm> Past, long NewestToken)
{
    public static ElectionState New(string name) => new(name, null, [], [], 0);

    /// <summary>Everybody who stands, the leader first.</summary>
    public IEnumerable<Candidate> Candidates => Leader is null ? Waiting : Waiting.Prepend(Leader.Candidate);
}
