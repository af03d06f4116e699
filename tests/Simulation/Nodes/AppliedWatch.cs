using Quorate.Core.Raft;
using Quorate.Core.StateMachine;
using Quorate.Node.Hosting;
using Quorate.Simulation.Running;

namespace Quorate.Simulation.Nodes;

/// <summary>Looks at what a node has applied.</summary>
internal sealed class AppliedWatch(World world, SimNode node) : ITap
{
    public void OnEntries(IReadOnlyList<Entry> entries) =>
        world.Check.Applied(node, entries, () => node.Process!.ReadState(state => state.Freeze()));

    public void OnState(FrozenState state) => world.Check.AppliedSnapshot(node, state);
}

/// <summary>Checks that a confirmed read sees everything that was committed when it was asked.</summary>
internal sealed class ReadWatch(World world, SimNode node, IProposalSender sender) : IProposalSender
{
    private readonly LogIndex _asked = world.Check.HighestCommit;

    public void OnRefused(long number, ProposeStatus status) => sender.OnRefused(number, status);

    public void OnReadIndex(long number, LogIndex? index)
    {
        SimulationFailure.Unless(
            index is not { } confirmed || confirmed >= _asked,
            Invariant.ReadsSeeCommitted,
            $"{node.Id} serves a read at {index} although {_asked} was committed when it was asked");
        sender.OnReadIndex(number, index);
    }
}
