using Quorate.Contracts.Cluster;

namespace Quorate.Dashboard.Model;

/// <summary>One member as a table row.</summary>
/// <param name="State">One of <see cref="MemberStates"/>.</param>
/// <param name="Health">One of <see cref="NodeHealths"/>; null while the topology does not know the node.</param>
/// <param name="LagEntries">Entries it still has to apply; null when unknown.</param>
public sealed record MemberRow(string Id, string State, string? Health, long? LagEntries, string Address, string Region)
{
    /// <summary>On the way in or out.</summary>
    public bool IsMoving => State is MemberStates.Joining or MemberStates.Leaving;

    public Severity Severity => State switch
    {
        MemberStates.Voter => Severity.Healthy,
        MemberStates.Joining => Severity.Info,
        MemberStates.Leaving => Severity.Warning,
        _ => Severity.Unknown,
    };

    public string IconName => State switch
    {
        MemberStates.Voter => "check",
        MemberStates.Learner => "learner",
        MemberStates.Joining => "plus",
        _ => "waiting",
    };

    public static MemberRow Of(MemberView member, NodeView? node) =>
        new(member.Id, member.State, node?.Health, node?.LagEntries, member.Address, member.Region);
}
