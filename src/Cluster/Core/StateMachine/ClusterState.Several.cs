using System.Diagnostics;
using Quorate.Core.StateMachine.Cache;
using Quorate.Core.StateMachine.Documents;
using Quorate.Core.StateMachine.Elections;
using Quorate.Core.StateMachine.Events;
using Quorate.Core.StateMachine.Kv;
using Quorate.Core.StateMachine.Locks;
using Quorate.Core.StateMachine.Queues;
using Quorate.Core.StateMachine.Transactions;

namespace Quorate.Core.StateMachine;

/// <summary>Several commands in one entry: a batch carries each out for itself, a transaction all of them or none.</summary>
public sealed partial class ClusterState
{
    private CommandResult.Batched ApplyBatch(Batch batch, in ApplyContext context) => new(DispatchAll(batch.Commands, context));

    /// <summary>
    /// Nothing is ever taken back: every operation of the branch is asked first what stands in its way. That is enough because a branch changes
    /// a thing once (<see cref="TransactionClaims"/>), so no operation can spoil another.
    /// </summary>
    private CommandResult ApplyTransaction(Transaction transaction, in ApplyContext context)
    {
        var succeeded = transaction.Compare.All(condition => TransactionRules.Holds(condition, this));
        var branch = succeeded ? transaction.Then : transaction.Else;
        for (var i = 0; i < branch.Count; i++)
        {
            if (Mutation != Mutation.TransactionInParts && Refusal(branch[i], context) is { } refusal)
            {
                return new CommandResult.TransactionRefused(succeeded, i, refusal);
            }
        }

        return new CommandResult.TransactionDone(context.Index, succeeded, CarryAll(branch, context));
    }

    /// <summary>What the operation of a transaction would be refused with; null when nothing stands in its way. Changes nothing.</summary>
    private CommandResult? Refusal(Command command, in ApplyContext context) => command switch
    {
        KvPut or KvDelete or KvRead or CacheCommand or EventPublish => null,
        QueueCommand queue => Queues.Refusal(queue, context),
        LockRenew renew => Locks.Refusal(renew.Name, renew.Owner, renew.Token),
        LockRelease release => Locks.Refusal(release.Name, release.Owner, release.Token),
        ElectionProclaim proclaim => Elections.Refusal(proclaim),
        ElectionResign resign => Elections.Refusal(resign),
        DocumentCommand document => Documents.Refusal(document),
        _ => throw new UnreachableException(command.GetType().Name),
    };

    private CommandResult[] CarryAll(IReadOnlyList<Command> branch, in ApplyContext context)
    {
        var results = new CommandResult[branch.Count];
        for (var i = 0; i < results.Length; i++)
        {
            // Documents take room on their way to other regions, which was asked for before the first of them took any.
            results[i] = branch[i] is DocumentCommand document && Mutation != Mutation.TransactionInParts
                ? Documents.Carry(document, context)
                : Dispatch(branch[i], context);
        }

        return results;
    }

    private CommandResult[] DispatchAll(IReadOnlyList<Command> commands, in ApplyContext context)
    {
        var results = new CommandResult[commands.Count];
        for (var i = 0; i < results.Length; i++)
        {
            // Their answers come together: none of them waits.
            results[i] = Dispatch(commands[i] is QueueDequeue dequeue ? dequeue with { WaitMs = 0 } : commands[i], context);
        }

        return results;
    }
}
