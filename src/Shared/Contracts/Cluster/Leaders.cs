namespace Quorate.Contracts.Cluster;

/// <summary>One term that had a leader.</summary>
/// <param name="To">When the next leader's term began; null for the current leader.</param>
/// <param name="Cause">One of <see cref="ElectionCauses"/>.</param>
/// <param name="Votes">The nodes that voted for the leader, itself included.</param>
/// <param name="LeaderlessMs">How long the winner knew of no leader before it won; null for the first election of a cluster.</param>
/// <param name="Index">Log index of the entry with which the leader opened its term.</param>
public sealed record LeaderTerm(
    string Leader,
    long Term,
    DateTimeOffset From,
    DateTimeOffset? To,
    string Cause,
    IReadOnlyList<string> Votes,
    long? LeaderlessMs,
    long Index);

public static class ElectionCauses
{
    public const string Bootstrap = "bootstrap";
    public const string Timeout = "timeout";
    public const string ConnectionLost = "connection_lost";
    public const string Transfer = "transfer";
    public const string Operator = "operator";
}

/// <summary>What one node believes. Nodes that disagree are what an operator looks for.</summary>
/// <param name="Reachable">Whether the node answered; if not, the rest is what it said last.</param>
public sealed record NodeBelief(
    string Node,
    bool Reachable,
    string Role,
    string? Leader,
    long Term,
    string? VotedFor,
    long CommitIndex,
    long AppliedIndex,
    long LastIndex,
    IReadOnlyList<string> Voters,
    IReadOnlyList<string> Learners);

/// <param name="Target">Id of the voter that should lead; null lets the leader choose the one furthest ahead.</param>
public sealed record TransferLeadershipRequest(string? Target);

public sealed record TransferLeadershipResponse(string Leader, long Term);
