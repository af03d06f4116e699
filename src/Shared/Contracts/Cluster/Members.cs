namespace Quorate.Contracts.Cluster;

/// <param name="Id">1 to 64 letters, digits, '.', '_' or '-'; never one that a removed node had.</param>
/// <param name="Address">Where the node listens, as <c>host:port</c>; it was started with <c>--join</c>. Left out in all-in-one mode: the node is started here.</param>
/// <param name="Region">Name of its region; default the one of this gateway's nodes.</param>
/// <param name="Voter">Whether it is to vote once it has caught up (default); false: it stays a learner.</param>
public sealed record AddMemberRequest(string Id, string? Address = null, string? Region = null, bool? Voter = null);

/// <summary>What a change of members does, or would do, to the quorum.</summary>
/// <param name="DryRun">Whether nothing was changed.</param>
/// <param name="Before">As it is now.</param>
/// <param name="After">As it is when the change is complete.</param>
/// <param name="Warnings">What an operator should know before doing this, in sentences.</param>
public sealed record MemberChange(string Id, bool DryRun, QuorumView Before, QuorumView After, IReadOnlyList<string> Warnings);

/// <param name="Majority">Voters that must agree.</param>
/// <param name="FaultTolerance">Voters that may still fail, given those that are unhealthy now; negative: a quorum would be lacking.</param>
public sealed record QuorumView(IReadOnlyList<string> Voters, IReadOnlyList<string> Learners, int Majority, int FaultTolerance);

/// <summary>A member, and what is still to be done about it.</summary>
/// <param name="State">One of <see cref="MemberStates"/>.</param>
public sealed record MemberView(string Id, string Address, string Region, string State);

public static class MemberStates
{
    public const string Voter = "voter";
    public const string Learner = "learner";

    /// <summary>A learner that becomes a voter when it has caught up.</summary>
    public const string Joining = "joining";

    /// <summary>Wanted out, still in.</summary>
    public const string Leaving = "leaving";
}

/// <summary>The state hash of each node at the same entry.</summary>
/// <param name="Index">The entry at which the nodes took it.</param>
/// <param name="Consistent">Whether all hashes that came in are equal; null when fewer than two came in.</param>
public sealed record ConsistencyReport(long Index, bool? Consistent, IReadOnlyList<NodeHash> Nodes);

/// <param name="Hash">SHA-256 of the state in lower-case hexadecimal; null when the node did not answer in time.</param>
public sealed record NodeHash(string Node, string? Hash);
