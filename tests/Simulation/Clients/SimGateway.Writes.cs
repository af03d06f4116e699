using System.Diagnostics.CodeAnalysis;
using Quorate.Core;
using Quorate.Core.Raft;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Locks;
using Quorate.Core.StateMachine.Queues;
using Quorate.Simulation.Time;

namespace Quorate.Simulation.Clients;

internal sealed partial class SimGateway
{
    private readonly SortedDictionary<long, PendingWrite> _pending = [];
    private readonly SortedDictionary<long, List<PendingWrite>> _waiting = [];
    private long _lastNumber;
    private bool _hasParked;

    /// <summary>Carries out a command. The answer comes once, at the latest some time after its timeout.</summary>
    public void Execute(Command command, SessionSequence? session, string? idempotencyKey, Action<Outcome> answer)
    {
        var write = new PendingWrite(++_lastNumber, command, session, idempotencyKey, answer) { Deadline = _world.Time.Now + Timeout };
        _pending.Add(write.Number, write);
        Send(write);
    }

    public void OnRefused(long number, ProposeStatus status)
    {
        if (!_pending.TryGetValue(number, out var write))
        {
            return;
        }

        if (status is ProposeStatus.Overloaded or ProposeStatus.DiskFull)
        {
            _pending.Remove(write.Number);
            write.Answer(new Outcome(null, MayHaveHappened: false));
        }
        else
        {
            write.Park();
        }
    }

    // A gateway that has just started waits for the state: what it sent before might be a part of it, and never be answered.
    [MemberNotNullWhen(true, nameof(_leader))]
    private bool CanSend => _leader is not null && _mirror.AppliedIndex > LogIndex.Zero;

    private void Send(PendingWrite write)
    {
        if (CanSend)
        {
            if (write.WasSent && _world.Swarm.Mutation != Mutation.LateRefusalBelieved)
            {
                _pending.Remove(write.Number);
                write.Number = ++_lastNumber;
                _pending.Add(write.Number, write);
            }

            write.WasSent = true;
            write.SentTerm = _leaderTerm;
            write.MayHaveHappened = true;
            _leader.Propose(_leaderTerm, write.Encode(_clientId), write.Number);
        }
    }

    private void SendParked()
    {
        if (CanSend)
        {
            foreach (var write in _pending.Values.Where(write => write.SentTerm is null).ToArray())
            {
                Send(write);
            }
        }

        SendReads();
    }

    private void Answer(long number, CommandResult result)
    {
        if (!_pending.Remove(number, out var write))
        {
            return;
        }

        if (result is IQueuedResult queued && WaitMsOf(write.Command) is { } waitMs)
        {
            write.Deadline = _world.Time.Now + waitMs * Duration.Millisecond + Timeout;
            if (!_waiting.TryGetValue(queued.Ticket, out var writes))
            {
                _waiting[queued.Ticket] = writes = [];
            }

            writes.Add(write);
            return;
        }

        write.Answer(new Outcome(result, MayHaveHappened: true));
    }

    private void AnswerWaiting(long ticket, CommandResult result)
    {
        if (_waiting.Remove(ticket, out var writes))
        {
            writes.ForEach(write => write.Answer(new Outcome(result, MayHaveHappened: true)));
        }
    }

    /// <summary>A leader of <paramref name="term"/> has begun: proposals of earlier terms that have not appeared never will.</summary>
    private void RepeatLost(Term term)
    {
        foreach (var write in _pending.Values.Where(write => write.SentTerm < term))
        {
            write.Park();
            _hasParked = true;
        }
    }

    private void ExpireWrites()
    {
        foreach (var write in _pending.Values.Where(write => write.Deadline <= _world.Time.Now).ToArray())
        {
            _pending.Remove(write.Number);
            write.Answer(new Outcome(null, write.MayHaveHappened));
        }

        foreach (var (ticket, writes) in _waiting.Where(pair => pair.Value.Exists(write => write.Deadline <= _world.Time.Now)).ToArray())
        {
            _waiting.Remove(ticket);
            writes.ForEach(write => write.Answer(new Outcome(null, MayHaveHappened: true)));
        }
    }

    private static long? WaitMsOf(Command command) => command switch
    {
        ILockRequest request => request.WaitMs,
        QueueDequeue dequeue => dequeue.WaitMs,
        _ => null,
    };

    /// <summary>Entries were passed over, and with them answers: the state keeps those of writes with a number or a key.</summary>
    private void SettleAfterRestore()
    {
        foreach (var (ticket, writes) in _waiting.Where(pair => !IsWaiting(pair.Value[0].Command, pair.Key)).ToArray())
        {
            _waiting.Remove(ticket);
            writes.ForEach(write => write.Settle(_mirror.Remembered(write.Envelope(_clientId))));
        }

        foreach (var write in _pending.Values.Where(write => write.SentTerm is not null).ToArray())
        {
            if (_mirror.Remembered(write.Envelope(_clientId)) is { } remembered)
            {
                Answer(write.Number, remembered);
            }
            else
            {
                _pending.Remove(write.Number);
                write.Settle(null);
            }
        }
    }

    private bool IsWaiting(Command command, long ticket) => command is ILockRequest request
        ? _mirror.Locks.IsWaiting(request, ticket)
        : _mirror.Queues.Get(((QueueDequeue)command).Name)?.IsWaiting(ticket) == true;

    private sealed class PendingWrite(long number, Command command, SessionSequence? session, string? idempotencyKey, Action<Outcome> answer)
    {
        /// <summary>Of the last attempt.</summary>
        public long Number { get; set; } = number;

        public Command Command { get; } = command;

        public Action<Outcome> Answer { get; } = answer;

        public long Deadline { get; set; }

        /// <summary>The term of the leader it was handed to; null while it is parked.</summary>
        public Term? SentTerm { get; set; }

        public bool WasSent { get; set; }

        public bool MayHaveHappened { get; set; }

        public byte[] Encode(long clientId) => CommandCodec.Encode(Envelope(clientId));

        public CommandEnvelope Envelope(long clientId) => new(new RequestId(clientId, Number), Command, session, idempotencyKey);

        /// <summary>Answers with what is remembered of it; null: nothing is.</summary>
        public void Settle(CommandResult? remembered) => Answer(new Outcome(remembered is IQueuedResult ? null : remembered, MayHaveHappened: true));

        public void Park()
        {
            SentTerm = null;
            MayHaveHappened = false;
        }
    }
}

/// <summary>How a write ended.</summary>
/// <param name="Result">Null when no quorum answered in time.</param>
internal readonly record struct Outcome(CommandResult? Result, bool MayHaveHappened);
