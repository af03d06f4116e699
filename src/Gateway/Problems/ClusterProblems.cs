using System.Text.Json;
using Microsoft.Net.Http.Headers;
using Quorate.Contracts.Locks;
using Quorate.Contracts.Problems;
using Quorate.Core.Replication;
using Quorate.Core.Replication.Regions;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Blobs;
using Quorate.Core.StateMachine.Documents;
using Quorate.Core.StateMachine.Kv;
using Quorate.Core.StateMachine.Queues;
using Quorate.Gateway.Endpoints;
using Quorate.Node.Access;

namespace Quorate.Gateway.Problems;

/// <summary>The one table from everything that can go wrong to the problem that is answered.</summary>
internal static class ClusterProblems
{
    /// <summary>An election is usually over by then.</summary>
    /// <summary>The field to blame when it is the body as a whole.</summary>
    private const string Body = "body";

    private const int NoQuorumRetryMs = 500;

    private const int OverloadedRetryMs = 250;

    /// <summary>A command that was refused by the replicated state.</summary>
    /// <exception cref="InvalidOperationException">The result is an answer to something else.</exception>
    public static ProblemResult Of(CommandResult result) => result switch
    {
        CommandResult.KvNotFound => new(ErrorCodes.KeyNotFound, "The key does not exist, or has expired."),
        CommandResult.KvMismatch mismatch => Mismatch(mismatch.Current),
        CommandResult.LockHeld held => LockHeld(
            "The lock was not granted within waitMs. Wait longer, or retry when a holder has released it or expired.",
            [.. held.Holders.Select(Views.Of)]),
        CommandResult.LocksHeld held => LockHeld(
                "None of the locks was granted within waitMs: 'locks' names those that were in the way.",
                [.. held.Locks.SelectMany(each => each.Holders).Select(Views.Of)])
            .With("locks", held.Locks.Select(each => each.Lock)),
        CommandResult.LockPermitsDiffer differ => new ProblemResult(
                ErrorCodes.PermitsMismatch,
                differ.Permits == 0 ? $"'{differ.Lock}' is in use as a lock." : $"'{differ.Lock}' is in use as a semaphore with {differ.Permits} permits.")
            .With("permits", differ.Permits == 0 ? null : (int?)differ.Permits),
        CommandResult.LockWaitsAlready waits => new(
            ErrorCodes.AlreadyWaiting, $"Another request of this owner waits for '{waits.Lock}'. Wait for its answer, or use another owner."),
        CommandResult.FenceStale stale => new ProblemResult(
                ErrorCodes.StaleToken, $"'{stale.Lock}' is not held with fencing token {stale.Token}: the write was refused. Acquire the lock again.")
            .With("newestToken", stale.Newest),
        CommandResult.LockWaitCancelled => LockHeld("The waiting request was withdrawn.", []),
        CommandResult.LockDeadlock deadlock => new ProblemResult(
                ErrorCodes.Deadlock, "The owners in the cycle wait for each other, so this request was refused. Release what you hold, then retry.")
            .With("cycle", deadlock.Cycle.Select(LockViews.Of)),
        CommandResult.LockQueueFull full => new(ErrorCodes.Overloaded, $"{full.Limit} requests wait for the lock already.")
        {
            RetryAfterMs = OverloadedRetryMs,
        },
        CommandResult.LockStale stale => new ProblemResult(
                ErrorCodes.StaleToken, "The owner does not hold the lock with this fencing token: it was released, expired or taken away.")
            .With("newestToken", stale.Newest),
        CommandResult.ElectionLost lost => new ProblemResult(
                ErrorCodes.StaleToken, "The candidate does not lead with this fencing token: its term has ended.")
            .With("newestToken", lost.Newest),
        CommandResult.CandidateNotFound => new(ErrorCodes.CandidateNotFound, "Nobody of that name leads or waits in the election."),
        CommandResult.ElectionFull full => new(ErrorCodes.Overloaded, $"{full.Limit} candidates stand in the election already.")
        {
            RetryAfterMs = OverloadedRetryMs,
        },
        CommandResult.EventRoutingMismatch mismatch => new ProblemResult(
                ErrorCodes.RevisionMismatch, $"The routing rules have version {mismatch.Version}. Read them again and decide anew.")
            .With("current", new { revision = mismatch.Version }),
        CommandResult.NodeIdRetired => new(ErrorCodes.NodeIdRetired, "A node with this id has left. Ids are never used again: choose another.") { Field = "id" },
        CommandResult.LockNotFound => new(ErrorCodes.LockNotFound, "Nobody holds the lock."),
        CommandResult.TransactionRefused refused => OfPart($"{(refused.Succeeded ? "then" : "else")}[{refused.Operation}]", Of(refused.Refusal)),
        QueueResult queue => QueueProblems.Of(queue),
        DocumentResult document => DocumentProblems.Of(document),
        BlobResult blob => BlobProblems.Of(blob),
        SyncResult sync => DocumentProblems.Of(sync),
        RegionResult region => RegionProblems.Of(region),
        CommandResult.SessionUnknown unknown => new(
            ErrorCodes.SessionNotFound, $"There is no session '{unknown.Session}': it was never opened, was closed, or expired."),
        CommandResult.SequenceTooOld old => new ProblemResult(
                ErrorCodes.SequenceTooOld, $"The answer to this sequence number is not kept any more; the oldest kept is {old.OldestKept}.")
            .With("oldestKept", old.OldestKept),
        CommandResult.IdempotencyKeyReused => new(
            ErrorCodes.IdempotencyKeyReused, "The Idempotency-Key came with a different request before. Use a new key for a new request.")
        {
            Field = Contracts.Headers.IdempotencyKey,
        },
        _ => throw new InvalidOperationException($"The command was answered {result.GetType().Name}, which nothing here expects."),
    };

    /// <summary>An exception on its way out; null when it is unexpected, which is answered as <see cref="Unexpected"/> and logged.</summary>
    public static ProblemResult? Of(Exception error) => error switch
    {
        NoQuorumException => new(ErrorCodes.NoQuorum, error.Message) { RetryAfterMs = NoQuorumRetryMs },
        OverloadedException => new(ErrorCodes.Overloaded, error.Message) { RetryAfterMs = OverloadedRetryMs },
        DiskFullException => new(ErrorCodes.DiskFull, error.Message),
        InvalidArgumentException argument => new(ErrorCodes.InvalidArgument, argument.Message) { Field = argument.Field },
        MalformedBodyException => MalformedBody(error.Message),
        UnknownRegionException => new(ErrorCodes.RegionNotFound, error.Message) { Field = "region" },
        UnknownSessionException => new(ErrorCodes.SessionNotFound, error.Message),
        BadHttpRequestException { InnerException: JsonException json } => Of(json),
        BadHttpRequestException request => Of(request.StatusCode) ?? MalformedBody("The request needs a JSON body."),
        _ => null,
    };

    /// <summary>A status that the framework answered without a body; null when it needs none.</summary>
    public static ProblemResult? Of(int status) => status switch
    {
        StatusCodes.Status404NotFound => new(ErrorCodes.NotFound, "No resource of this API has this path. /openapi/v1.json lists all of them."),
        StatusCodes.Status405MethodNotAllowed => new(ErrorCodes.MethodNotAllowed, "The Allow header lists the methods that this path supports."),
        StatusCodes.Status413PayloadTooLarge => new(ErrorCodes.PayloadTooLarge, "The body is larger than this gateway accepts (Gateway:MaxPayloadBytes).") { Field = Body },
        StatusCodes.Status415UnsupportedMediaType => new(ErrorCodes.UnsupportedMediaType, "Send the body as Content-Type: application/json.")
        {
            Field = HeaderNames.ContentType,
        },
        _ => null,
    };

    public static ProblemResult Unexpected() => new(ErrorCodes.Internal, "The gateway's log has the details under the traceId.");

    private static ProblemResult Of(JsonException error)
    {
        // The reader's own errors come wrapped; an error of the serializer itself means a value of the wrong type.
        if (error.InnerException is JsonException syntax)
        {
            return MalformedBody($"The body is not valid JSON: {syntax.Message}");
        }

        return error.Path is ['$', '.', .. var field]
            ? new(ErrorCodes.InvalidArgument, $"The value of '{field}' is of the wrong type or out of range.") { Field = field }
            : MalformedBody("The body must be a JSON object.");
    }

    private static ProblemResult MalformedBody(string detail) => new(ErrorCodes.MalformedBody, detail) { Field = Body };

    /// <summary>The problem of a part is the problem of the whole.</summary>
    private static ProblemResult OfPart(string at, ProblemResult part)
    {
        var whole = new ProblemResult(part.Kind.Code, $"'{at}' could not be carried out, and so nothing was. {part.Detail}") { Field = at };
        foreach (var (name, value) in part.Extensions)
        {
            whole.Extensions[name] = value;
        }

        return whole;
    }

    private static ProblemResult Mismatch(KvItem? current)
    {
        var problem = new ProblemResult(ErrorCodes.RevisionMismatch, current is null
            ? "The key does not exist."
            : $"The key has revision {current.Revision}. Read it again and decide anew.");
        return problem.With("current", current is null ? null : new { value = JsonElement.Parse(current.Value.Span), revision = current.Revision });
    }

    private static ProblemResult LockHeld(string detail, IReadOnlyList<LockHolder> holders) =>
        new ProblemResult(ErrorCodes.LockHeld, detail).With("holders", holders);
}
