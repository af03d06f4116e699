using Quorate.Core.Raft;
using Quorate.Core.StateMachine;
using Quorate.Node.Hosting;
using Quorate.Simulation.Nodes;
using Quorate.Simulation.Running;
using Quorate.Simulation.Time;

namespace Quorate.Simulation.Clients;

/// <summary>A gateway's connection to one node: in order and late, and now and then gone with everything that was on its way.</summary>
internal sealed class SimLink(World world, SimGateway gateway, SimNode node, long extraDelay) : ITap, IProposalSender
{
    private int _connection;
    private long _cutUntil;
    private long _lastToNode;
    private long _lastToGateway;

    public NodeId Id => node.Id;

    public void Propose(Term term, byte[] command, long number) =>
        ToNode(process => process.Propose(new Proposal(term, command, number, this)));

    public void ReadIndex(long number) => ToNode(process => process.Read(new ReadRequest(number, this)));

    public void Follow(LogIndex after) => ToNode(process => process.Subscribe(this, after));

    public void Unfollow() => ToNode(process => process.Unsubscribe(this));

    public void OnRefused(long number, ProposeStatus status) => ToGateway(() => gateway.OnRefused(number, status));

    public void OnReadIndex(long number, LogIndex? index) => ToGateway(() => gateway.OnReadIndex(number, index));

    public void OnEntries(IReadOnlyList<Entry> entries) => ToGateway(() => gateway.OnEntries(this, entries));

    public void OnState(FrozenState state) => ToGateway(() => gateway.OnState(state));

    /// <summary>The node says who leads.</summary>
    public void OnNodeStatus(SimProcess process)
    {
        var (role, term) = (process.Raft.Role, process.Raft.Term);
        ToGateway(() => gateway.OnStatus(this, role, term));
    }

    /// <summary>The connection breaks. The gateway notices soon, and connects again unless the node is gone.</summary>
    public void Break(bool reconnect)
    {
        var broken = ++_connection;
        node.Process?.Unsubscribe(this);
        _lastToGateway = Math.Max(_lastToGateway + 1, world.Time.Now + world.Network.Delay());
        world.Time.At(_lastToGateway, () =>
        {
            if (broken == _connection)
            {
                gateway.OnDown(this);
            }
        });
        if (reconnect)
        {
            _cutUntil = _lastToGateway + 50 * Duration.Millisecond;
            world.Time.At(_cutUntil, () =>
            {
                if (node.Process is { } process)
                {
                    OnNodeStatus(process);
                }
            });
        }
    }

    private void ToNode(Action<SimProcess> action) => Carry(ref _lastToNode, () =>
    {
        if (node.Process is { } process)
        {
            action(process);
        }
    });

    private void ToGateway(Action action) => Carry(ref _lastToGateway, action);

    private void Carry(ref long last, Action action)
    {
        if (world.Time.Now < _cutUntil)
        {
            return;
        }

        var connection = _connection;
        last = Math.Max(last + 1, world.Time.Now + world.Network.Delay() + (world.Network.IsHealed ? 0 : extraDelay));
        world.Time.At(last, () =>
        {
            if (connection == _connection)
            {
                action();
            }
        });
    }
}
