using Quorate.Core.Raft;
using Quorate.Core.StateMachine;
using Quorate.Node.Access;
using Quorate.Node.Hosting;

namespace Quorate.Node.Tests.Access;

/// <summary>A fake link: the test says what the node answers, and sees what it was sent.</summary>
internal sealed class ScriptedLink(string id) : INodeLink
{
    private ILinkEvents _events = null!;

    public NodeId Id { get; } = new(id);

    public string Address => "nowhere";

    public NodeStatus? Status { get; private set; }

    /// <summary>Proposals in the order they came: term, command, number.</summary>
    public List<(Term Term, ReadOnlyMemory<byte> Command, long Number)> Proposals { get; } = [];

    public void Attach(ILinkEvents events) => _events = events;

    public void Propose(Term term, ReadOnlyMemory<byte> command, long number) => Proposals.Add((term, command, number));

    public void ReadIndex(long number)
    {
    }

    public void Flush(bool crowded)
    {
    }

    public void Follow(LogIndex after)
    {
    }

    public void Unfollow()
    {
    }

    public Task<bool> TransferLeadershipAsync(NodeId target, CancellationToken cancel) => Task.FromResult(false);

    public Task CampaignAsync(CancellationToken cancel) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public void Lead(long term)
    {
        Status = new NodeStatus(
            Id, RaftRole.Leader, new Term(term), Id, Id, default, default, default, default, Membership.Of([Id]), TimeSpan.Zero, [], [],
            DateTimeOffset.UnixEpoch, default, 0, 0, 0, true, null, null);
        _events.OnStatus(this, Status);
    }

    public void Refuse(long number) => _events.OnRefused(this, number, ProposeStatus.NotLeader);

    public void Restore(ClusterState state) => _events.OnState(this, state);

    public void Deliver(params Entry[] entries) => _events.OnEntries(this, entries);
}
