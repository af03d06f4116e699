using System.Diagnostics;
using Quorate.Core.Clocks;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Locks;
using Quorate.Core.StateMachine.Queues;

namespace Quorate.Node.Access;

/// <summary>
/// Which commands may wait in the replicated state, and what that means for each. An owner that asks again for the lock that it waits for
/// waits with both requests as one, until the later of their limits; the one with the earlier limit is answered here when that is over.
/// </summary>
public sealed partial class ClusterClient
{
    // Writes that were answered "waiting", by ticket.
    private readonly Dictionary<long, Wait> _waiting = [];

    private void BeginWait(PendingWrite write, long ticket, long waitMs)
    {
        var now = Environment.TickCount64;
        write.WaitFor(ticket, (_mirror.Time.AddMs(waitMs), now + waitMs), now + waitMs + (long)_options.Timeout.TotalMilliseconds);
        if (!_waiting.TryGetValue(ticket, out var wait))
        {
            _waiting[ticket] = wait = new Wait();
        }

        wait.Writes.Add(write);
        wait.LastLimit = write.Limit.Time > wait.LastLimit ? write.Limit.Time : wait.LastLimit;
    }

    private void AnswerWaiting(long ticket, CommandResult result)
    {
        if (_waiting.Remove(ticket, out var wait))
        {
            wait.Writes.ForEach(write => write.Complete(result));
        }
    }

    private void ExpireWaits(long now)
    {
        foreach (var (ticket, wait) in _waiting.Where(pair => pair.Value.Writes.Exists(write => write.Limit.Tick <= now)).ToArray())
        {
            foreach (var write in wait.Writes.Where(write => write.Limit.Tick <= now).ToArray())
            {
                if (write.Command is ILockRequest request && _mirror.Locks.Waiting(request, ticket) is var (until, refusal) && until > write.Limit.Time)
                {
                    wait.Writes.Remove(write);
                    write.Complete(refusal);
                    if (wait.Writes.Count == 0 && until <= wait.LastLimit)
                    {
                        // Whoever asked for longer has gone meanwhile.
                        Withdraw(write.Command, ticket);
                    }
                }
                else if (write.Deadline <= now)
                {
                    // Only when nobody ends the waiting in time: without a quorum nothing expires.
                    wait.Writes.Remove(write);
                    write.Fail(new NoQuorumException(mayHaveHappened: true));
                }
            }

            if (wait.Writes.Count == 0)
            {
                _waiting.Remove(ticket);
            }
        }
    }

    private static long? WaitMsOf(Command command) => command switch
    {
        ILockRequest request => request.WaitMs,
        QueueDequeue dequeue => dequeue.WaitMs,
        _ => null,
    };

    private bool IsWaiting(Command command, long ticket) => command switch
    {
        ILockRequest request => _mirror.Locks.IsWaiting(request, ticket),
        QueueDequeue dequeue => _mirror.Queues.Get(dequeue.Name)?.IsWaiting(ticket) == true,
        _ => throw new UnreachableException(command.GetType().Name),
    };

    private void Withdraw(Command command, long ticket)
    {
        if (!IsFull)
        {
            // Nobody waits for the answer; should it be lost, the wait limit ends the waiting.
            Begin(Withdrawal(command, ticket), WriteOptions.None).Ignore();
        }
    }

    /// <summary>Takes a waiting request back.</summary>
    private static Command Withdrawal(Command command, long ticket) => command switch
    {
        ILockRequest request => new LockCancelWait(request.AnyLock, request.Owner, ticket),
        QueueDequeue dequeue => new QueueCancelWait(dequeue.Name, ticket),
        _ => throw new UnreachableException(command.GetType().Name),
    };

    /// <summary>The writes of this client that wait with one ticket.</summary>
    private sealed class Wait
    {
        public List<PendingWrite> Writes { get; } = [];

        /// <summary>The latest limit among them, also of those that have gone.</summary>
        public HlcTimestamp LastLimit { get; set; }
    }
}
