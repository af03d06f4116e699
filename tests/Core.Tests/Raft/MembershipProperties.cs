using FsCheck;
using FsCheck.Fluent;
using Quorate.Core.Raft;

namespace Quorate.Core.Tests.Raft;

public sealed class MembershipProperties
{
    private static readonly Gen<NodeId[]> Nodes =
        Gen.SubListOf("abcdefg".Select(letter => new NodeId(letter.ToString()))).Select(nodes => nodes.ToArray());

    private static readonly Gen<Membership> Memberships =
        from voters in Nodes
        where voters.Length > 0
        from outgoing in Nodes
        from learners in Nodes
        select new Membership(voters, outgoing, [.. learners.Except(voters)]);

    [Fact]
    public void QuorumIndex_AgreesWithCountingEveryIndex()
    {
        var values = from membership in Memberships from reached in Gen.Choose(0, 9).ListOf(7) select (membership, reached);
        Properties.Hold(values, value =>
        {
            LogIndex Reached(NodeId node) => new(value.reached[node.Value[0] - 'a']);
            var naive = Enumerable.Range(0, 10).Last(index => value.membership.HasQuorum(node => Reached(node).Value >= index));
            Assert.Equal(naive, value.membership.QuorumIndex(Reached).Value);
        }, times: 2000);
    }

    [Fact]
    public void HasQuorum_AnyTwoQuorums_Overlap()
    {
        var values = from membership in Memberships from first in Nodes from second in Nodes select (membership, first, second);
        Properties.Hold(values, value =>
        {
            var both = value.membership.HasQuorum(value.first.Contains) && value.membership.HasQuorum(value.second.Contains);
            Assert.True(!both || value.first.Intersect(value.second).Any(value.membership.IsVoter));
        }, times: 2000);
    }

    [Fact]
    public void Codec_RoundTrip_GivesSameMembership() =>
        Properties.Hold(Memberships, membership =>
        {
            membership.Validate();
            Assert.Equal(membership, RaftDataCodec.DecodeMembership(RaftDataCodec.Encode(membership)));
        });

    [Fact]
    public void Codec_TermStartRoundTrip_GivesSame()
    {
        var values =
            from leader in Properties.Texts
            from cause in Gen.Elements(Enum.GetValues<ElectionCause>())
            from votes in Nodes
            from leaderless in Properties.Longs
            select new TermStart(new NodeId(leader), cause, votes, leaderless);
        Properties.Hold(values, start =>
        {
            var read = RaftDataCodec.DecodeTermStart(RaftDataCodec.Encode(start));
            Assert.Equal(start.Votes, read.Votes);
            Assert.Equal(start with { Votes = [] }, read with { Votes = [] }, (a, b) => a.ToString() == b.ToString());
        });
    }

    [Fact]
    public void Codec_AnyBytes_AnswersOrThrowsFormatException() =>
        Properties.Hold(Properties.Blobs, bytes =>
        {
            foreach (var decode in (Action<ReadOnlyMemory<byte>>[])[b => RaftDataCodec.DecodeMembership(b), b => RaftDataCodec.DecodeTermStart(b)])
            {
                try
                {
                    decode(bytes);
                }
                catch (FormatException)
                {
                    // What damaged bytes are expected to give.
                }
            }
        }, times: 2000);
}
