using System.Text.Json;
using System.Text.Json.Nodes;
using Quorate.Contracts;
using Quorate.Contracts.Sessions;
using Quorate.Core.Replication;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Documents;
using Quorate.Core.StateMachine.Queues;
using Quorate.Core.StateMachine.Sessions;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints;

/// <summary>What became of a numbered write, as its kind and the members that the write was answered.</summary>
internal static class OutcomeViews
{
    public static SessionOutcome Of(string session, long sequence, SessionReply? reply) => reply is null
        ? new SessionOutcome(session, sequence, OutcomeStatuses.NotCommitted, Index: null, Result: null)
        : new SessionOutcome(session, sequence, OutcomeStatuses.Committed, reply.Index, Of(reply.Result));

    private static JsonElement Of(CommandResult result) => result switch
    {
        CommandResult.KvWritten written => Kind("kv_written", new { written.Revision, written.Created }),
        CommandResult.KvDeleted deleted => Kind("kv_deleted", new { deleted.Revision }),
        CommandResult.TransactionDone done => Kind("transaction_done", new { done.Succeeded, Revision = done.Index }),
        CommandResult.Batched batched => Kind("batch_done", new { Operations = batched.Results.Count }),
        CommandResult.CacheWritten written => Kind("cache_written", new { written.Revision }),
        CommandResult.CacheDeleted deleted => Kind("cache_deleted", new { deleted.Revision, Deleted = deleted.Existed }),
        CommandResult.ElectionStanding standing => Kind("election_standing", new { standing.Position, FencingToken = standing.Token, standing.Leader }),
        CommandResult.EventPublished published => Kind("event_published", new { Id = published.Sequence, published.Forwarded }),
        CommandResult.EventRouted routed => Kind("event_routed", new { routed.Version }),
        CommandResult.ElectionResigned resigned => Kind("election_resigned", new { resigned.Led }),
        CommandResult.LockGranted granted => Kind("lock_granted", Views.Of(granted.Hold)),
        CommandResult.LocksGranted granted => Kind(
            "locks_granted", new { Locks = granted.Holds.Select(each => LockViews.Of(each.Lock, each.Hold)) }),
        CommandResult.LockQueued queued => Kind("lock_queued", new { queued.Position }),
        CommandResult.LockRenewed renewed => Kind("lock_renewed", Views.Of(renewed.Hold)),
        CommandResult.LockReleased released => Kind("lock_released", new { released.Remaining }),
        CommandResult.LockForceReleased forced => Kind("lock_force_released", new { Released = forced.Released.Select(Views.Of) }),
        QueueResult queue when QueueOutcomes.Of(queue) is var (kind, members) => Kind(kind, members),
        DocumentResult.CollectionReady ready => Kind("collection_ready", new { ready.Created }),
        DocumentResult.CollectionDropped dropped => Kind("collection_dropped", new { dropped.Documents }),
        DocumentResult.Written written => Kind("document_written", new { written.Rev, written.Sequence, written.Created }),
        DocumentResult.Deleted deleted => Kind("document_deleted", new { deleted.Rev, deleted.Sequence }),
        SyncResult.Standing standing => Kind("follower_standing", new { standing.Sequence, standing.First, standing.Last }),
        SyncResult.Retained => Kind("sync_retained", new { }),
        CommandResult.SessionOpened opened => Kind("session_opened", Views.Of(opened.Session)),
        CommandResult.SessionRenewed renewed => Kind("session_renewed", new { ExpiresAt = Views.Time(renewed.ExpiresAt) }),
        CommandResult.SessionClosed => Kind("session_closed", new { }),
        _ => Refused(ClusterProblems.Of(result)),
    };

    /// <summary>A refusal is of the kind of its code, with the members of its problem.</summary>
    private static JsonElement Refused(ProblemResult problem) => Kind(problem.Kind.Code, problem.Extensions);

    private static JsonElement Kind<T>(string kind, T members)
    {
        var result = new JsonObject { ["kind"] = kind };
        foreach (var (name, value) in JsonSerializer.SerializeToNode(members, ContractJson.Options)!.AsObject().ToList())
        {
            result[name] = value?.DeepClone();
        }

        return JsonSerializer.SerializeToElement(result);
    }
}
