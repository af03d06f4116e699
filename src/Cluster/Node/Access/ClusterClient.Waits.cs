using System.Diagnostics;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Locks;
using Quorate.Core.StateMachine.Queues;

namespace Quorate.Node.Access;

/// <summary>Which commands may wait in the replicated state, and what that means for each.</summary>
public sealed partial class ClusterClient
{
    private static long? WaitMsOf(Command command) => command switch
    {
        ILockRequest request => request.WaitMs,
        QueueDequeue dequeue => dequeue.WaitMs,
        _ => null,
    };

    /// <summary>What the mirror tells of a request whose answer was passed over; null while it still waits.</summary>
    private CommandResult? Settled(Command command, long ticket)
    {
        switch (command)
        {
            case ILockRequest request:
                return _mirror.Locks.Settled(request, ticket);
            case QueueDequeue dequeue:
                // Should it have been given messages, they come back when their visibility timeout ends.
                return _mirror.Queues.Get(dequeue.Name)?.IsWaiting(ticket) == true ? null : new QueueResult.Delivered([]);
            default:
                throw new UnreachableException(command.GetType().Name);
        }
    }

    /// <summary>Takes a waiting request back.</summary>
    private static Command Withdrawal(Command command, long ticket) => command switch
    {
        ILockRequest request => new LockCancelWait(request.AnyLock, request.Owner, ticket),
        QueueDequeue dequeue => new QueueCancelWait(dequeue.Name, ticket),
        _ => throw new UnreachableException(command.GetType().Name),
    };
}
