using System.Diagnostics;
using Quorate.Core.Raft;
using Quorate.Node.Diagnostics;

namespace Quorate.Node.Hosting;

public sealed partial class RaftHost
{
    /// <summary>Inputs handled before the outputs are carried out.</summary>
    private const int MaxInputs = 2048;

    /// <summary>Ticks made up for after a pause. More would count heartbeats as missed that lie unread in the inbox.</summary>
    private const int MaxTicksAtOnce = 2;

    private static readonly TimeSpan StatusAge = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Handles what is in the inbox on the caller's thread, unless another thread is at it. One round: when more has come meanwhile it
    /// is left to the loop's thread, so that nobody else's is kept for long. Does not wait for disk or network.
    /// </summary>
    public void Work()
    {
        if (_inbox.IsEmpty || _turn.IsHeldByCurrentThread)
        {
            return;
        }

        // Who has the turn looks at the inbox again after giving it back, so that nothing is left there.
        if (_turn.TryEnter())
        {
            try
            {
                Round();
            }
            catch (Exception error)
            {
                Fail(error);
            }
            finally
            {
                _turn.Exit();
            }

            _applier.Work();
            Interlocked.MemoryBarrier();
            if (!_inbox.IsEmpty)
            {
                _inbox.Wake();
            }
        }
    }

    /// <summary>Leaves what is in the inbox to the loop's thread: what others add until it runs is done in the same round.</summary>
    public void WorkSoon() => _inbox.Wake();

    /// <summary>Does something once the engine's round is over, after what it applied; at once when there is none.</summary>
    public void AfterRound(Action action)
    {
        if (_turn.IsHeldByCurrentThread)
        {
            _applier.Add(action);
        }
        else
        {
            action();
        }
    }

    // With more to save the flusher's thread has better things to do.
    private void OnSettled(bool moreToSave)
    {
        if (moreToSave)
        {
            _inbox.Wake();
        }
        else
        {
            Work();
        }
    }

    private void Run()
    {
        _nextTick = Stopwatch.GetTimestamp() + _tick;
        try
        {
            while (!_stopping && _failure is null)
            {
                lock (_turn)
                {
                    Round();
                }

                _applier.Work();
                if (_inbox.IsEmpty)
                {
                    _inbox.Wait(Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), Volatile.Read(ref _nextTick)));
                }
            }
        }
        catch (Exception error)
        {
            Fail(error);
        }
    }

    // Only with the turn.
    private void Round()
    {
        if (_stopping || _failure is not null)
        {
            return;
        }

        _engine.Node.ObserveTime(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        TakeInputs();
        PassTicks();
        _engine.Drain();
        _flush();
        PublishStatus();
    }

    // Ticks keep to the clock, also when each comes a little late: a lease is counted in them.
    private void PassTicks()
    {
        var late = TicksLate();
        for (var i = 0; i < Math.Min(late, MaxTicksAtOnce); i++)
        {
            _engine.OnTick(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        }

        if (late > MaxTicksAtOnce)
        {
            _engine.Node.TicksSkipped(late - MaxTicksAtOnce);
        }

        Volatile.Write(ref _nextTick, _nextTick + (late * _tick));
    }

    private long TicksLate()
    {
        var late = Stopwatch.GetTimestamp() - _nextTick;
        return late < 0 ? 0 : late / _tick + 1;
    }

    private void TakeInputs()
    {
        for (var i = 0; i < MaxInputs && _inbox.TryTake(out var input); i++)
        {
            switch (input)
            {
                case Message message:
                    _roundTrips.OnReceived(message);
                    _engine.OnMessage(message);
                    break;
                case Proposal proposal:
                    Interlocked.Add(ref _inboxBytes, -proposal.Command.Length);
                    _engine.OnProposal(proposal);
                    break;
                case SaveJob saved:
                    _engine.OnSaved(saved);
                    break;
                case ReadRequest read:
                    _engine.OnRead(read, TicksLate());
                    break;
                case Action<RaftNode> action:
                    action(_engine.Node);
                    break;
                default:
                    throw new UnreachableException(input.GetType().Name);
            }
        }
    }

    private void PublishStatus()
    {
        var node = _engine.Node;
        var changed = node.Role != _status.Role || node.Term != _status.Term || node.Leader != _status.Leader;
        if (_failure is not null || (!changed && Stopwatch.GetElapsedTime(_statusAt) < StatusAge))
        {
            return;
        }

        var status = MakeStatus();
        _status = status;
        _statusAt = Stopwatch.GetTimestamp();
        if (changed)
        {
            NodeLog.RoleChanged(_logger, status.Id.Value, status.Role.ToString(), status.Term.Value, status.Leader.IsNone ? "none" : status.Leader.Value);
            StatusChanged?.Invoke(status);
        }
    }

    private NodeStatus MakeStatus()
    {
        var node = _engine.Node;
        return new NodeStatus(
            node.Id,
            node.Role,
            node.Term,
            node.Leader,
            node.VotedFor,
            node.CommitIndex,
            _applier.AppliedIndex,
            node.LastIndex,
            _snapshots.Latest?.Index ?? node.Snapshot.Index,
            node.Membership,
            node.TicksSinceLeader < 0 ? null : TimeSpan.FromMilliseconds((double)node.TicksSinceLeader * _options.Raft.TickMs),
            node.Role == RaftRole.Leader ? [.. node.Members] : [],
            node.Role == RaftRole.Leader ? _roundTrips.Current() : [],
            _startedAt,
            default,
            _inbox.Count,
            _flusher.QueueLength,
            _applier.QueueLength,
            _log.HasRoom,
            _failure,
            _applier.Mark);
    }
}
