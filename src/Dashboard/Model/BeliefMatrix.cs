using Quorate.Contracts.Cluster;

namespace Quorate.Dashboard.Model;

/// <param name="Why">Resource key of the words that say how it disagrees; null where it does not.</param>
public sealed record BeliefCell(string Value, string? Why = null);

public sealed record BeliefRow(
    string Node, bool Reachable, BeliefCell Role, BeliefCell Leader, BeliefCell Term, BeliefCell VotedFor, BeliefCell Commit, BeliefCell Applied, BeliefCell Voters)
{
    public IReadOnlyList<BeliefCell> Cells => [Role, Leader, Term, VotedFor, Commit, Applied, Voters];
}

/// <summary>What the nodes believe, and where they disagree.</summary>
/// <remarks>
/// Compared with the leader of the highest term; without one, with what most say in the highest term. A node that does not answer
/// is shown with its last words and disagrees with nobody. Votes are never a disagreement: any vote is lawful in an election.
/// </remarks>
public sealed record BeliefMatrix(IReadOnlyList<BeliefRow> Rows)
{
    /// <summary>Entries a node may be behind before that counts as a disagreement; fewer are on their way.</summary>
    public const long LagLimit = 2000;

    public int Disagreements => Rows.Sum(row => row.Cells.Count(cell => cell.Why is not null));

    public int Silent => Rows.Count(row => !row.Reachable);

    public static BeliefMatrix Of(IReadOnlyList<NodeBelief> beliefs)
    {
        var answering = beliefs.Where(belief => belief.Reachable).ToList();
        var leader = answering.Where(belief => belief.Role == NodeRoles.Leader).MaxBy(belief => belief.Term);
        var newest = answering.Where(belief => belief.Term == answering.Max(other => other.Term)).ToList();
        var expected = new Expected(
            leader,
            leader?.Term ?? newest.FirstOrDefault()?.Term ?? 0,
            leader?.Node ?? MostCommon(newest.Select(belief => belief.Leader ?? "")),
            Members((leader ?? newest.MaxBy(belief => belief.CommitIndex))?.Voters ?? []),
            answering.Count == 0 ? 0 : answering.Max(belief => belief.CommitIndex));
        return new BeliefMatrix([.. beliefs.Select(belief => Row(belief, expected))]);
    }

    private static BeliefRow Row(NodeBelief belief, Expected expected)
    {
        return new BeliefRow(
            belief.Node,
            belief.Reachable,
            Cell(belief.Role, RoleOf(belief, expected.Leader)),
            Cell(belief.Leader ?? "", LeaderOf(belief, expected)),
            Cell(Format.Number(belief.Term), belief.Term < expected.Term ? "Belief.OldTerm" : belief.Term > expected.Term ? "Belief.NewTerm" : null),
            Cell(belief.VotedFor ?? "", null),
            Cell(Format.Number(belief.CommitIndex), expected.Commit - belief.CommitIndex > LagLimit ? "Belief.Behind" : null),
            Cell(Format.Number(belief.AppliedIndex), expected.Commit - belief.AppliedIndex > LagLimit ? "Belief.Behind" : null),
            Cell(Members(belief.Voters), Members(belief.Voters) != expected.Voters ? "Belief.OtherVoters" : null));

        BeliefCell Cell(string value, string? why) => new(value, belief.Reachable ? why : null);
    }

    private static string? RoleOf(NodeBelief belief, NodeBelief? leader) =>
        belief.Role != NodeRoles.Leader || belief.Node == leader?.Node ? null
        : belief.Term == leader?.Term ? "Belief.TwoLeaders"
        : "Belief.Deposed";

    private static string? LeaderOf(NodeBelief belief, Expected expected) =>
        (belief.Leader ?? "") == expected.LeaderId ? null
        : belief.Leader is null ? "Belief.NoLeader"
        : "Belief.OtherLeader";

    private static string Members(IEnumerable<string> nodes) => string.Join(' ', nodes.Order(StringComparer.Ordinal));

    private static string MostCommon(IEnumerable<string> values) =>
        values.GroupBy(value => value).OrderByDescending(group => group.Count()).FirstOrDefault()?.Key ?? "";

    private sealed record Expected(NodeBelief? Leader, long Term, string LeaderId, string Voters, long Commit);
}
