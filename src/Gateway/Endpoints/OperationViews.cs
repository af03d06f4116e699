using System.Diagnostics;
using System.Text.Json;
using Quorate.Contracts.Kv;
using Quorate.Contracts.Queues;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Cache;
using Quorate.Core.StateMachine.Documents;
using Quorate.Core.StateMachine.Elections;
using Quorate.Core.StateMachine.Events;
using Quorate.Core.StateMachine.Kv;
using Quorate.Core.StateMachine.Locks;
using Quorate.Core.StateMachine.Queues;

namespace Quorate.Gateway.Endpoints;

/// <summary>What became of the operations of transactions and batches, in the words of the contract.</summary>
internal static class OperationViews
{
    /// <summary>An operation of a transaction that was done.</summary>
    public static TransactionResult Of(Command command, CommandResult result)
    {
        var (op, key) = Named(command);
        var about = new TransactionResult(op, key);
        return result switch
        {
            CommandResult.KvWritten written => about with { Exists = !written.Created, Revision = written.Revision },
            CommandResult.KvDeleted or DocumentResult.Deleted => (TransactionResult)With(about with { Exists = true }, result),
            CommandResult.KvNotFound or CommandResult.KvFound { Item: null } or DocumentResult.NotFound => about with { Exists = false },
            CommandResult.KvFound { Item: { } item } => about with { Exists = true, Revision = item.Revision, Value = JsonElement.Parse(item.Value.Span) },
            CommandResult.CacheWritten written => about with { Revision = written.Revision },
            CommandResult.CacheDeleted deleted => about with { Exists = deleted.Existed, Revision = deleted.Revision },
            DocumentResult.Written written => (TransactionResult)With(about with { Exists = !written.Created }, result),
            _ => (TransactionResult)With(about, result),
        };
    }

    /// <summary>An operation of a batch that was carried out and is not about a key; null when it was refused.</summary>
    public static BatchResult? Of(CommandResult result)
    {
        var done = new BatchResult(Ok: true);
        return result switch
        {
            CommandResult.CacheWritten written => done with { Revision = written.Revision },
            CommandResult.CacheDeleted deleted => done with { Revision = deleted.Revision },
            DocumentResult.Written written => (BatchResult)With(done with { Created = written.Created }, result),
            DocumentResult.Deleted
                or QueueResult.Enqueued or QueueResult.Settled { Count: > 0 }
                or CommandResult.LockReleased or CommandResult.LockRenewed
                or CommandResult.ElectionResigned or CommandResult.ElectionStanding
                or CommandResult.EventPublished => (BatchResult)With(done, result),
            _ => null,
        };
    }

    private static OperationResult With(OperationResult about, CommandResult result) => result switch
    {
        CommandResult.KvDeleted => about,
        QueueResult.Enqueued enqueued => about with { Messages = [.. enqueued.Messages.Select(message => new EnqueuedMessageView(message.Id, message.Duplicate))] },
        QueueResult.Settled settled => about with { Count = settled.Count, Stale = settled.Stale.Count == 0 ? null : QueueViews.Of(settled.Stale) },
        CommandResult.LockReleased released => about with { Remaining = released.Remaining },
        CommandResult.LockRenewed renewed => about with { ExpiresAt = Views.Time(renewed.Hold.ExpiresAt) },
        CommandResult.ElectionResigned resigned => about with { Led = resigned.Led },
        CommandResult.ElectionStanding standing => about with { ExpiresAt = Views.Time(standing.ExpiresAt) },
        CommandResult.EventPublished published => about with { Id = published.Sequence, Forwarded = published.Forwarded },
        DocumentResult.Written written => about with { Rev = written.Rev, Sequence = written.Sequence },
        DocumentResult.Deleted deleted => about with { Rev = deleted.Rev, Sequence = deleted.Sequence },
        _ => throw new UnreachableException(result.GetType().Name),
    };

    private static (string Op, string? Key) Named(Command command) => command switch
    {
        KvPut put => (OperationNames.Put, put.Key),
        KvDelete delete => (OperationNames.Delete, delete.Key),
        KvRead read => (OperationNames.Get, read.Key),
        CachePut put => (OperationNames.Put, put.Key),
        CacheDelete delete => (OperationNames.Delete, delete.Key),
        DocumentPut put => (OperationNames.Put, put.Key),
        DocumentDelete delete => (OperationNames.Delete, delete.Key),
        QueueEnqueue => (OperationNames.Enqueue, null),
        QueueAck => (OperationNames.Ack, null),
        QueueNack => (OperationNames.Nack, null),
        LockRenew => (OperationNames.Renew, null),
        LockRelease => (OperationNames.Release, null),
        ElectionProclaim => (OperationNames.Proclaim, null),
        ElectionResign => (OperationNames.Resign, null),
        EventPublish => (OperationNames.Publish, null),
        _ => throw new UnreachableException(command.GetType().Name),
    };
}
