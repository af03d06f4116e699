namespace Quorate.Core.Raft;

/// <summary>
/// Who is in the cluster. While a change is under way (<see cref="IsJoint"/>) decisions need a majority of
/// <see cref="Voters"/> and of <see cref="OutgoingVoters"/> (Raft dissertation §4.3).
/// </summary>
/// <remarks>
/// Invariants, checked by <see cref="Validate"/>:
/// 1. every list is sorted and free of duplicates; 2. there is at least one voter; 3. a learner is not among the voters. It may be
/// among the outgoing ones: a voter on its way to becoming a learner votes as long as the change is under way.
/// </remarks>
public sealed record Membership(
    IReadOnlyList<NodeId> Voters,
    IReadOnlyList<NodeId> OutgoingVoters,
    IReadOnlyList<NodeId> Learners)
{
    public static readonly Membership Empty = new([], [], []);

    public bool IsJoint => OutgoingVoters.Count > 0;

    public static Membership Of(IEnumerable<NodeId> voters) => new([.. voters.Order().Distinct()], [], []);

    public bool IsVoter(NodeId node) => Voters.Contains(node) || OutgoingVoters.Contains(node);

    public bool Contains(NodeId node) => IsVoter(node) || Learners.Contains(node);

    /// <summary>Every member once, in order.</summary>
    public IReadOnlyList<NodeId> All() => [.. Voters.Concat(OutgoingVoters).Concat(Learners).Distinct().Order()];

    /// <summary>Whether the nodes for which <paramref name="granted"/> holds are a quorum.</summary>
    public bool HasQuorum(Func<NodeId, bool> granted) =>
        Majority(Voters, granted) && (!IsJoint || Majority(OutgoingVoters, granted));

    /// <summary>The highest index that a quorum has reached, given each node's own.</summary>
    public LogIndex QuorumIndex(Func<NodeId, LogIndex> reached)
    {
        var index = MajorityIndex(Voters, reached);
        return IsJoint ? LogIndex.Min(index, MajorityIndex(OutgoingVoters, reached)) : index;
    }

    /// <exception cref="InvalidOperationException">An invariant does not hold; the message says which.</exception>
    public void Validate()
    {
        if (Voters.Count == 0)
        {
            throw new InvalidOperationException("membership has no voter");
        }

        foreach (var list in (ReadOnlySpan<IReadOnlyList<NodeId>>)[Voters, OutgoingVoters, Learners])
        {
            for (var i = 1; i < list.Count; i++)
            {
                if (list[i - 1].CompareTo(list[i]) >= 0)
                {
                    throw new InvalidOperationException($"membership list is not sorted and unique at {list[i]}");
                }
            }
        }

        foreach (var learner in Learners)
        {
            if (Voters.Contains(learner))
            {
                throw new InvalidOperationException($"{learner} is voter and learner at once");
            }
        }
    }

    public bool Equals(Membership? other) =>
        other is not null
        && Voters.SequenceEqual(other.Voters)
        && OutgoingVoters.SequenceEqual(other.OutgoingVoters)
        && Learners.SequenceEqual(other.Learners);

    public override int GetHashCode() => (Voters.Count * 31 + OutgoingVoters.Count) * 31 + Learners.Count;

    public override string ToString() =>
        $"voters [{string.Join(' ', Voters)}]"
        + (IsJoint ? $" outgoing [{string.Join(' ', OutgoingVoters)}]" : "")
        + (Learners.Count > 0 ? $" learners [{string.Join(' ', Learners)}]" : "");

    private static bool Majority(IReadOnlyList<NodeId> nodes, Func<NodeId, bool> granted)
    {
        var count = 0;
        foreach (var node in nodes)
        {
            count += granted(node) ? 1 : 0;
        }

        return count > nodes.Count / 2;
    }

    private static LogIndex MajorityIndex(IReadOnlyList<NodeId> nodes, Func<NodeId, LogIndex> reached)
    {
        Span<long> indexes = stackalloc long[nodes.Count];
        for (var i = 0; i < nodes.Count; i++)
        {
            indexes[i] = reached(nodes[i]).Value;
        }

        indexes.Sort();
        return new LogIndex(indexes[(nodes.Count - 1) / 2]);
    }
}
