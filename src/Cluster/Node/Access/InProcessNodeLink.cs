using Quorate.Core.Raft;
using Quorate.Core.StateMachine;
using Quorate.Node.Hosting;

namespace Quorate.Node.Access;

/// <summary>A link to a node in the same process. It outlives stops and starts of the node.</summary>
public sealed class InProcessNodeLink : INodeLink, ITap, IProposalSender
{
    private readonly QuorateNode _node;
    private ILinkEvents? _events;

    public InProcessNodeLink(QuorateNode node)
    {
        _node = node;
        node.StatusChanged += OnNodeStatus;
    }

    public NodeId Id => _node.Id;

    public string Address => _node.Address;

    public NodeStatus? Status => _node.Host?.DetailedStatus();

    public void Attach(ILinkEvents events)
    {
        _events = events;
        OnNodeStatus(_node.Host?.Status);
    }

    public void Propose(Term term, ReadOnlyMemory<byte> command, long number)
    {
        if (_node.Host is { } host)
        {
            host.Propose(new Proposal(term, command, number, this));
        }
        else
        {
            OnRefused(number, ProposeStatus.NotLeader);
        }
    }

    public void ReadIndex(long number)
    {
        if (_node.Host is { } host)
        {
            host.Read(new ReadRequest(number, this));
        }
        else
        {
            OnReadIndex(number, null);
        }
    }

    public void Flush(bool crowded)
    {
        if (crowded)
        {
            _node.Host?.WorkSoon();
        }
        else
        {
            _node.Host?.Work();
        }
    }

    public void Follow(LogIndex after) => _node.Host?.Subscribe(this, after);

    public void Unfollow() => _node.Host?.Unsubscribe(this);

    public Task<bool> TransferLeadershipAsync(NodeId target, CancellationToken cancel) =>
        _node.Host?.AskAsync(raft => raft.TransferLeadership(target)).WaitAsync(cancel) ?? Task.FromResult(false);

    public Task CampaignAsync(CancellationToken cancel) =>
        _node.Host?.AskAsync(raft =>
        {
            raft.Campaign();
            return true;
        }).WaitAsync(cancel) ?? Task.CompletedTask;

    public void OnRefused(long number, ProposeStatus status) => _events?.OnRefused(this, number, status);

    public void OnReadIndex(long number, LogIndex? index)
    {
        if (_node.Host is { } host)
        {
            host.AfterRound(() => _events?.OnReadIndex(this, number, index));
        }
        else
        {
            _events?.OnReadIndex(this, number, index);
        }
    }

    public void OnEntries(IReadOnlyList<Entry> entries) => _events?.OnEntries(this, entries);

    public void OnState(FrozenState state) => _events?.OnState(this, StateSnapshot.Read(state.Records()));

    public ValueTask DisposeAsync()
    {
        _node.StatusChanged -= OnNodeStatus;
        Unfollow();
        return ValueTask.CompletedTask;
    }

    private void OnNodeStatus(NodeStatus? status)
    {
        if (status is { Failure: null })
        {
            _events?.OnStatus(this, status);
        }
        else
        {
            _events?.OnDown(this);
        }
    }
}
