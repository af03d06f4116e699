using Quorate.Core;
using Quorate.Core.Raft;
using Quorate.Node.Hosting;

namespace Quorate.Simulation.Nodes;

/// <summary>The loop, in the order of <see cref="RaftHost"/>: inputs, ticks, outputs.</summary>
internal sealed partial class SimProcess
{
    /// <summary>As in <see cref="RaftHost"/>: ticks made up for after a pause.</summary>
    private const int MaxTicksAtOnce = 2;

    private const double LoopDelay = 20;

    private bool _loopPlanned;
    private long _nextTick;
    private (RaftRole, Term, NodeId) _published;

    private bool LeaseStandsStill => _world.Swarm.Mutation == Mutation.LeaseStandsStill;

    private void PlanTick() => Schedule(_node.Clock.Virtual(Math.Max(1, _nextTick - _node.Clock.GetTimestamp())), () =>
    {
        Loop();
        PlanTick();
    });

    private void Wake()
    {
        if (_ready && !_loopPlanned)
        {
            _loopPlanned = true;
            Schedule(_node.Random.Exponential(LoopDelay), Loop);
        }
    }

    private void Loop()
    {
        _loopPlanned = false;
        Raft.ObserveTime(_node.Clock.UnixMs);
        while (_inbox.TryDequeue(out var input))
        {
            Take(input);
        }

        PassTicks();
        _engine.Drain();
        _world.Check.Settled(_node, Raft);
        var status = (Raft.Role, Raft.Term, Raft.Leader);
        if (status != _published)
        {
            _published = status;
            _world.Trace.Note((long)Raft.Role, Raft.Term.Value, 0, $"{Id} is {Raft.Role} in term {Raft.Term}, led by {Raft.Leader}, commit {Raft.CommitIndex}, last {Raft.LastIndex}");
            _world.StatusChanged(this);
        }
    }

    private void PassTicks()
    {
        var late = TicksLate();
        for (var i = 0; i < Math.Min(late, MaxTicksAtOnce); i++)
        {
            _engine.OnTick(_node.Clock.UnixMs);
        }

        if (late > MaxTicksAtOnce && !LeaseStandsStill)
        {
            Raft.TicksSkipped(late - MaxTicksAtOnce);
        }

        _nextTick += late * _tick;
    }

    private long TicksLate()
    {
        var late = _node.Clock.GetTimestamp() - _nextTick;
        return late < 0 ? 0 : late / _tick + 1;
    }

    private void Take(object input)
    {
        switch (input)
        {
            case Message message:
                _world.Trace.Note(message.Term.Value, _node.Incarnation, 1, $"{Id} <- {message}");
                _engine.OnMessage(message);
                break;
            case Proposal proposal:
                _engine.OnProposal(proposal);
                break;
            case SaveJob saved:
                _engine.OnSaved(saved);
                break;
            case ReadRequest read:
                _engine.OnRead(new ReadRequest(read.Number, new ReadWatch(_world, _node, read.Sender)), LeaseStandsStill ? 0 : TicksLate());
                break;
            case Action<RaftNode> action:
                action(Raft);
                break;
        }
    }
}
