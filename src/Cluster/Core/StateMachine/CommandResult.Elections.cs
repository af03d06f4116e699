using Quorate.Core.Clocks;

namespace Quorate.Core.StateMachine;

public abstract partial record CommandResult
{
    /// <summary>Where a candidate stands.</summary>
    /// <param name="Position">0: it leads; otherwise its place in the queue, from 1.</param>
    /// <param name="Token">The fencing token of its term, when it leads.</param>
    /// <param name="ExpiresAt">When its candidacy ends unless renewed; null when it is bound to a session only.</param>
    /// <param name="Leader">Who leads.</param>
    public sealed record ElectionStanding(int Position, long? Token, HlcTimestamp? ExpiresAt, string Leader) : CommandResult;

    /// <param name="Led">Whether the candidate was the leader.</param>
    public sealed record ElectionResigned(bool Led) : CommandResult;

    /// <summary>The candidate does not lead with this token.</summary>
    /// <param name="Newest">The token of the present term; null when nobody leads.</param>
    public sealed record ElectionLost(long? Newest) : CommandResult;

    /// <summary>Nobody of that name stands in the election.</summary>
    public sealed record CandidateNotFound : CommandResult;

    public sealed record ElectionFull(int Limit) : CommandResult;
}
