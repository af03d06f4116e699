using Quorate.Core.StateMachine.Cache;
using Quorate.Core.StateMachine.Documents;
using Quorate.Core.StateMachine.Elections;
using Quorate.Core.StateMachine.Events;
using Quorate.Core.StateMachine.Kv;
using Quorate.Core.StateMachine.Locks;
using Quorate.Core.StateMachine.Queues;

namespace Quorate.Core.StateMachine.Transactions;

/// <summary>
/// Several operations as one: when every condition holds, all of <paramref name="Then"/> are applied, else all of <paramref name="Else"/>.
/// Either way at one index and time, and nobody sees a part of it. When an operation of the branch cannot be carried out, none is.
/// </summary>
/// <remarks>A branch changes a thing once: see <see cref="TransactionClaims"/>.</remarks>
public sealed record Transaction(IReadOnlyList<Condition> Compare, IReadOnlyList<Command> Then, IReadOnlyList<Command> Else) : Command
{
    /// <summary>Conditions and operations of both branches together.</summary>
    public const int MaxOperations = 1000;

    /// <summary>
    /// Whether a command may stand in a transaction: nothing that waits, nothing about sessions and nodes. Preconditions of keys would be
    /// a second way to say what conditions say.
    /// </summary>
    public static bool Allows(Command command) => command
        is KvPut { Expected: null } or KvDelete { Expected: null } or KvRead
        or CacheCommand or EventPublish
        or QueueEnqueue or QueueAck or QueueNack
        or LockRenew or LockRelease
        or ElectionProclaim or ElectionResign
        or DocumentPut or DocumentDelete;
}
