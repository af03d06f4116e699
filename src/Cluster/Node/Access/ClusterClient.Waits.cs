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

    private bool IsWaiting(Command command, long ticket) => command switch
    {
        ILockRequest request => _mirror.Locks.IsWaiting(request, ticket),
        QueueDequeue dequeue => _mirror.Queues.Get(dequeue.Name)?.IsWaiting(ticket) == true,
        _ => throw new UnreachableException(command.GetType().Name),
    };

    /// <summary>Takes a waiting request back.</summary>
    private static Command Withdrawal(Command command, long ticket) => command switch
    {
        ILockRequest request => new LockCancelWait(request.AnyLock, request.Owner, ticket),
        QueueDequeue dequeue => new QueueCancelWait(dequeue.Name, ticket),
        _ => throw new UnreachableException(command.GetType().Name),
    };
}
