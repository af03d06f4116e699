using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Quorate.Core.Clocks;
using Quorate.Core.Raft;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Locks;

namespace Quorate.Node.Access;

public sealed partial class ClusterClient
{
    /// <summary>A leader that refused a write as too much is not asked again for so long: encoding what it refuses would cost more than it saves.</summary>
    private const int LeaderRestMs = 20;

    private readonly Dictionary<long, PendingWrite> _pending = [];

    private readonly CommandEncoder _encoder = new();
    private long _lastNumber;
    private long _pendingBytes;
    private long _refusedAt = -LeaderRestMs;

    // Writes wait that can go now: their leader died and has a successor, or the first of the log has come.
    private bool _hasParked;

    /// <summary>Writes accepted and not answered yet.</summary>
    public int PendingWrites
    {
        get
        {
            lock (_gate)
            {
                return _pending.Count;
            }
        }
    }

    /// <summary>Whether a write would be refused now: too much is under way, or the leader has just refused one.</summary>
    public bool IsOverloaded
    {
        get
        {
            lock (_gate)
            {
                return IsFull;
            }
        }
    }

    private bool IsFull => _pending.Count >= _options.MaxPendingWrites
        || _pendingBytes >= _options.MaxPendingBytes
        || Environment.TickCount64 - _refusedAt < LeaderRestMs;

    /// <summary>Carries out a command and answers with its result. A request that waits, for a lock or for a message, is answered when the waiting ends.</summary>
    /// <exception cref="NoQuorumException">No quorum in time.</exception>
    /// <exception cref="OverloadedException">Too many writes are under way.</exception>
    /// <exception cref="DiskFullException">The leader's disk is full.</exception>
    /// <exception cref="OperationCanceledException">The caller went away; the command may still be applied.</exception>
    public async Task<CommandResult> ExecuteAsync(Command command, WriteOptions options, CancellationToken cancel)
    {
        var write = Begin(command, options);
        Flush();
        await using var registration = cancel.CanBeCanceled
            ? cancel.UnsafeRegister(static (state, token) => ((PendingWrite)state!).Abandon(token), write)
            : default;
        return await write.Task;
    }

    private PendingWrite Begin(Command command, WriteOptions options)
    {
        lock (_gate)
        {
            if (IsFull)
            {
                throw new OverloadedException();
            }

            var write = new PendingWrite(
                this, ++_lastNumber, command, options, Environment.TickCount64 + (long)_options.Timeout.TotalMilliseconds);
            Add(write);
            Send(write);
            return write;
        }
    }

    // A client that has just started waits for the state: what it sent before might be a part of it, and never be answered.
    [MemberNotNullWhen(true, nameof(_leader))]
    private bool CanSend => _leader is not null && _mirror.AppliedIndex > LogIndex.Zero;

    private void Send(PendingWrite write)
    {
        if (!CanSend)
        {
            return;
        }

        if (write.WasSent)
        {
            // A refusal of the last attempt may still be on its way, even from this very node: believed now, it would apply the write twice.
            TryTake(write.Number, out _);
            write.TakeNumber(++_lastNumber);
            Add(write);
        }

        write.WasSent = true;
        write.SentTerm = _leaderTerm;
        write.MayHaveHappened = true;
        _leader.Propose(_leaderTerm, write.Bytes, write.Number);
    }

    private void SendParked()
    {
        if (CanSend)
        {
            // A copy: a node in this process may refuse at once.
            foreach (var write in _pending.Values.Where(write => write.SentTerm is null).ToArray())
            {
                Send(write);
            }
        }

        SendReads();
    }

    void ILinkEvents.OnRefused(INodeLink link, long number, ProposeStatus status)
    {
        lock (_gate)
        {
            // Of an attempt that is not the last one nothing is known any more.
            if (!_pending.TryGetValue(number, out var write))
            {
                return;
            }

            switch (status)
            {
                case ProposeStatus.Overloaded:
                    _refusedAt = Environment.TickCount64;
                    TryTake(number, out _);
                    write.Fail(new OverloadedException());
                    break;
                case ProposeStatus.DiskFull:
                    TryTake(number, out _);
                    write.Fail(new DiskFullException());
                    break;
                default:
                    // Not appended there. The sweep tries again, with whoever leads then.
                    write.Park();
                    break;
            }
        }
    }

    private void Add(PendingWrite write)
    {
        _pending.Add(write.Number, write);
        _pendingBytes += write.Bytes.Length;
    }

    private bool TryTake(long number, [MaybeNullWhen(false)] out PendingWrite write)
    {
        var found = _pending.Remove(number, out write);
        _pendingBytes -= write?.Bytes.Length ?? 0;
        return found;
    }

    private void Answer(long number, CommandResult result)
    {
        if (!TryTake(number, out var write))
        {
            return;
        }

        WriteLatency.Add(Stopwatch.GetElapsedTime(write.StartedAt));

        if (result is IQueuedResult queued && WaitMsOf(write.Command) is { } waitMs)
        {
            BeginWait(write, queued.Ticket, waitMs);
            return;
        }

        write.Complete(result);
    }

    /// <summary>A leader of <paramref name="term"/> has begun: proposals of earlier terms that have not appeared never will.</summary>
    private void RepeatLost(Term term)
    {
        foreach (var write in _pending.Values)
        {
            if (write.SentTerm < term)
            {
                write.Park();
                _hasParked = true;
            }
        }
    }

    private void ExpireWrites(long now)
    {
        foreach (var write in _pending.Values.Where(write => write.Deadline <= now).ToArray())
        {
            TryTake(write.Number, out _);
            write.Fail(new NoQuorumException(write.MayHaveHappened));
        }

        ExpireWaits(now);
    }

    /// <summary>
    /// Entries were passed over, and with them answers. The state keeps those of writes with a number or a key. Nothing else in it tells what a
    /// request was answered: a queue where it does not wait any more may have given it a message, and a lock that its owner holds may have been
    /// granted to another request of that owner. Such a request is answered that nobody knows.
    /// </summary>
    private void SettleAfterRestore()
    {
        foreach (var (ticket, wait) in _waiting.Where(pair => !IsWaiting(pair.Value.Writes[0].Command, pair.Key)).ToArray())
        {
            _waiting.Remove(ticket);
            wait.Writes.ForEach(write => write.Settle(_mirror.Remembered(write.Envelope)));
        }

        foreach (var write in _pending.Values.Where(write => write.SentTerm is not null).ToArray())
        {
            if (_mirror.Remembered(write.Envelope) is { } remembered)
            {
                Answer(write.Number, remembered);
            }
            else
            {
                TryTake(write.Number, out _);
                write.Settle(null);
            }
        }
    }

    private void FailEverything()
    {
        foreach (var write in _pending.Values.Concat(_waiting.Values.SelectMany(wait => wait.Writes)))
        {
            write.Fail(new NoQuorumException(write.MayHaveHappened));
        }

        _pending.Clear();
        _pendingBytes = 0;
        _waiting.Clear();
        FailReads();
    }

    private void Abandon(PendingWrite write)
    {
        lock (_gate)
        {
            TryTake(write.Number, out _);
            if (write.Ticket is { } ticket && _waiting.TryGetValue(ticket, out var wait) && wait.Writes.Remove(write) && wait.Writes.Count == 0)
            {
                _waiting.Remove(ticket);
                Withdraw(write.Command, ticket);
            }
        }

        Flush();
    }

    /// <summary>A write on its way. Everything but the task is guarded by the client's lock.</summary>
    private sealed class PendingWrite(ClusterClient client, long number, Command command, WriteOptions options, long deadline)
    {
        private readonly TaskCompletionSource<CommandResult> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Of the last attempt: each has a number of its own.</summary>
        public long Number { get; private set; } = number;

        public byte[] Bytes { get; private set; } = Encode(client, number, command, options);

        public long StartedAt { get; } = Stopwatch.GetTimestamp();

        public Command Command { get; } = command;

        /// <summary>As <see cref="Environment.TickCount64"/>.</summary>
        public long Deadline { get; private set; } = deadline;

        /// <summary>The term of the leader it was handed to; null while it is parked.</summary>
        public Term? SentTerm { get; set; }

        /// <summary>It was handed to a leader, perhaps to one before the present one.</summary>
        public bool WasSent { get; set; }

        public bool MayHaveHappened { get; set; }

        public long? Ticket { get; private set; }

        /// <summary>Where it waits: the end of its wait limit as the replicated state counts time, and as <see cref="Environment.TickCount64"/>.</summary>
        public (HlcTimestamp Time, long Tick) Limit { get; private set; }

        public Task<CommandResult> Task => _done.Task;

        public void TakeNumber(long number)
        {
            Number = number;
            Bytes = Encode(client, number, Command, options);
        }

        public void Park()
        {
            SentTerm = null;
            MayHaveHappened = false;
        }

        public void WaitFor(long ticket, (HlcTimestamp Time, long Tick) limit, long deadline)
        {
            Ticket = ticket;
            Limit = limit;
            Deadline = deadline;
        }

        public void Complete(CommandResult result) => _done.TrySetResult(result);

        public void Fail(Exception error) => _done.TrySetException(error);

        /// <summary>Answers with what is remembered of it; null: nothing is.</summary>
        public void Settle(CommandResult? remembered)
        {
            if (remembered is null or IQueuedResult)
            {
                Fail(new NoQuorumException(mayHaveHappened: true));
            }
            else
            {
                Complete(remembered);
            }
        }

        public void Abandon(CancellationToken token)
        {
            client.Abandon(this);
            _done.TrySetCanceled(token);
        }

        public CommandEnvelope Envelope => EnvelopeOf(client, Number, Command, options);

        private static byte[] Encode(ClusterClient client, long number, Command command, WriteOptions options) =>
            client._encoder.Encode(EnvelopeOf(client, number, command, options));

        private static CommandEnvelope EnvelopeOf(ClusterClient client, long number, Command command, WriteOptions options) =>
            new(new RequestId(client._clientId, number), command, options.Session, options.IdempotencyKey, options.Reason, options.Fence);

        public void Ignore() => _done.Task.ContinueWith(task => task.Exception, TaskContinuationOptions.OnlyOnFaulted);
    }
}

/// <summary>What travels with a write.</summary>
/// <param name="Fence">The write happens only while the lock is held with this token.</param>
public sealed record WriteOptions(SessionSequence? Session = null, string? IdempotencyKey = null, string? Reason = null, Fence? Fence = null)
{
    public static readonly WriteOptions None = new();
}
