using System.Collections.Frozen;
using Quorate.Contracts.Problems;

namespace Quorate.Gateway.Problems;

/// <summary>What all problems of one code have in common.</summary>
/// <param name="Code">One of <see cref="ErrorCodes"/>.</param>
/// <param name="Title">The code as a short sentence, the same every time.</param>
/// <param name="Member">The member that such a problem has beyond the common ones; null when it has none.</param>
internal sealed record ProblemKind(string Code, int Status, string Title, string? Member = null)
{
    private static readonly FrozenDictionary<string, ProblemKind> ByCode = new ProblemKind[]
    {
        new(ErrorCodes.InvalidArgument, StatusCodes.Status400BadRequest, "An argument is not valid"),
        new(ErrorCodes.MalformedBody, StatusCodes.Status400BadRequest, "The body could not be read"),
        new(ErrorCodes.NotFound, StatusCodes.Status404NotFound, "There is nothing at this path"),
        new(ErrorCodes.KeyNotFound, StatusCodes.Status404NotFound, "The key does not exist"),
        new(ErrorCodes.CacheMiss, StatusCodes.Status404NotFound, "The key is not in the cache"),
        new(ErrorCodes.LockNotFound, StatusCodes.Status404NotFound, "Nobody holds the lock"),
        new(ErrorCodes.QueueNotFound, StatusCodes.Status404NotFound, "The queue does not exist"),
        new(ErrorCodes.ElectionNotFound, StatusCodes.Status404NotFound, "The election does not exist"),
        new(ErrorCodes.CandidateNotFound, StatusCodes.Status404NotFound, "Nobody of that name stands in the election"),
        new(ErrorCodes.SessionNotFound, StatusCodes.Status404NotFound, "The session does not exist"),
        new(ErrorCodes.NodeNotFound, StatusCodes.Status404NotFound, "The node does not exist"),
        new(ErrorCodes.CollectionNotFound, StatusCodes.Status404NotFound, "The collection does not exist"),
        new(ErrorCodes.DocumentNotFound, StatusCodes.Status404NotFound, "The document does not exist"),
        new(ErrorCodes.BlobNotFound, StatusCodes.Status404NotFound, "The blob does not exist"),
        new(ErrorCodes.UploadNotFound, StatusCodes.Status404NotFound, "The upload does not exist"),
        new(ErrorCodes.FollowerNotFound, StatusCodes.Status404NotFound, "The follower is not registered"),
        new(ErrorCodes.RegionNotFound, StatusCodes.Status404NotFound, "The region is not served here"),
        new(ErrorCodes.ConflictNotFound, StatusCodes.Status404NotFound, "The conflict does not exist"),
        new(ErrorCodes.BrakeNotFound, StatusCodes.Status404NotFound, "No deletions wait for an operator"),
        new(ErrorCodes.ReadOnly, StatusCodes.Status403Forbidden, "This can only be read"),
        new(ErrorCodes.MethodNotAllowed, StatusCodes.Status405MethodNotAllowed, "The path does not support this method"),
        new(ErrorCodes.LockHeld, StatusCodes.Status409Conflict, "The lock is held", "holders"),
        new(ErrorCodes.Deadlock, StatusCodes.Status409Conflict, "Waiting would be a deadlock", "cycle"),
        new(ErrorCodes.StaleToken, StatusCodes.Status409Conflict, "The lock is no longer held with this token", "newestToken"),
        new(ErrorCodes.QueueFull, StatusCodes.Status409Conflict, "The queue is full", "limits"),
        new(ErrorCodes.StaleReceipt, StatusCodes.Status409Conflict, "The receipts are void", "stale"),
        new(ErrorCodes.PermitsMismatch, StatusCodes.Status409Conflict, "The name is in use with another number of permits", "permits"),
        new(ErrorCodes.AlreadyWaiting, StatusCodes.Status409Conflict, "The owner waits for the lock already"),
        new(ErrorCodes.SequenceTooOld, StatusCodes.Status409Conflict, "The sequence number is too old", "oldestKept"),
        new(ErrorCodes.CollectionExists, StatusCodes.Status409Conflict, "The collection exists with another strategy"),
        new(ErrorCodes.RevConflict, StatusCodes.Status409Conflict, "The document does not have the expected revision", "current"),
        new(ErrorCodes.UploadMismatch, StatusCodes.Status409Conflict, "The request does not continue the upload", "received"),
        new(ErrorCodes.ConflictOpen, StatusCodes.Status409Conflict, "The document is in a conflict that waits for a decision", "conflict"),
        new(ErrorCodes.NothingToUndo, StatusCodes.Status409Conflict, "There is no decision to take back"),
        new(ErrorCodes.LimitReached, StatusCodes.Status409Conflict, "There are as many as there may be"),
        new(ErrorCodes.NodeExists, StatusCodes.Status409Conflict, "The node is a member already"),
        new(ErrorCodes.NodeIdRetired, StatusCodes.Status409Conflict, "The id belonged to a node that left"),
        new(ErrorCodes.UnsafeChange, StatusCodes.Status409Conflict, "The change would cost the quorum", "change"),
        new(ErrorCodes.TransferFailed, StatusCodes.Status409Conflict, "Leadership was not handed over"),
        new(ErrorCodes.SnapshotRequired, StatusCodes.Status410Gone, "The log does not reach back that far", "lastSequence"),
        new(ErrorCodes.RevisionMismatch, StatusCodes.Status412PreconditionFailed, "The key does not have the expected revision", "current"),
        new(ErrorCodes.PayloadTooLarge, StatusCodes.Status413PayloadTooLarge, "The body is too large"),
        new(ErrorCodes.UnsupportedMediaType, StatusCodes.Status415UnsupportedMediaType, "The body must be JSON"),
        new(ErrorCodes.RangeNotSatisfiable, StatusCodes.Status416RangeNotSatisfiable, "The blob does not have that range"),
        new(ErrorCodes.WrongChecksum, StatusCodes.Status422UnprocessableEntity, "The content does not match its checksum", "actual"),
        new(ErrorCodes.IdempotencyKeyReused, StatusCodes.Status422UnprocessableEntity, "The idempotency key was used for another request"),
        new(ErrorCodes.Overloaded, StatusCodes.Status429TooManyRequests, "Too much is under way", "retryAfterMs"),
        new(ErrorCodes.OutboxFull, StatusCodes.Status429TooManyRequests, "Too many changes wait for the other regions", "retryAfterMs"),
        new(ErrorCodes.Internal, StatusCodes.Status500InternalServerError, "An unexpected error occurred"),
        new(ErrorCodes.BlobNotHereYet, StatusCodes.Status503ServiceUnavailable, "The blob is still on its way from another region", "received"),
        new(ErrorCodes.NoQuorum, StatusCodes.Status503ServiceUnavailable, "No quorum is available", "retryAfterMs"),
        new(ErrorCodes.DiskFull, StatusCodes.Status507InsufficientStorage, "The disk is full"),
    }.ToFrozenDictionary(kind => kind.Code);

    /// <summary>Identifies the kind of problem (RFC 9457 §3.1.1); a name, not a place to look at.</summary>
    public string Type => $"urn:quorate:problem:{Code}";

    public static ProblemKind Of(string code) => ByCode[code];
}
