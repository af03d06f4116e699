namespace Quorate.Contracts.Problems;

/// <summary>The stable values of <c>code</c> in problem details (RFC 9457). Clients branch on these, never on text.</summary>
public static class ErrorCodes
{
    public const string NoQuorum = "no_quorum";
    public const string Overloaded = "overloaded";
    public const string DiskFull = "disk_full";
    public const string InvalidArgument = "invalid_argument";
    public const string MalformedBody = "malformed_body";
    public const string PayloadTooLarge = "payload_too_large";
    public const string NotFound = "not_found";
    public const string KeyNotFound = "key_not_found";
    public const string CacheMiss = "cache_miss";
    public const string LockNotFound = "lock_not_found";
    public const string QueueNotFound = "queue_not_found";
    public const string ElectionNotFound = "election_not_found";
    public const string CandidateNotFound = "candidate_not_found";
    public const string SessionNotFound = "session_not_found";
    public const string NodeNotFound = "node_not_found";
    public const string CollectionNotFound = "collection_not_found";
    public const string DocumentNotFound = "document_not_found";
    public const string BlobNotFound = "blob_not_found";
    public const string BlobNotHereYet = "blob_not_here_yet";
    public const string UploadNotFound = "upload_not_found";
    public const string UploadMismatch = "upload_mismatch";
    public const string WrongChecksum = "wrong_checksum";
    public const string RangeNotSatisfiable = "range_not_satisfiable";
    public const string FollowerNotFound = "follower_not_found";
    public const string RegionNotFound = "region_not_found";
    public const string ConflictNotFound = "conflict_not_found";
    public const string BrakeNotFound = "brake_not_found";
    public const string ConflictOpen = "conflict_open";
    public const string NothingToUndo = "nothing_to_undo";
    public const string OutboxFull = "outbox_full";
    public const string CollectionExists = "collection_exists";
    public const string RevConflict = "rev_conflict";
    public const string LimitReached = "limit_reached";
    public const string SnapshotRequired = "snapshot_required";
    public const string ReadOnly = "read_only";
    public const string RevisionMismatch = "revision_mismatch";
    public const string LockHeld = "lock_held";
    public const string Deadlock = "deadlock";
    public const string StaleToken = "stale_token";
    public const string QueueFull = "queue_full";
    public const string StaleReceipt = "stale_receipt";
    public const string PermitsMismatch = "permits_mismatch";
    public const string AlreadyWaiting = "already_waiting";
    public const string SequenceTooOld = "sequence_too_old";
    public const string IdempotencyKeyReused = "idempotency_key_reused";
    public const string NodeExists = "node_exists";
    public const string NodeIdRetired = "node_id_retired";
    public const string UnsafeChange = "unsafe_change";
    public const string TransferFailed = "transfer_failed";
    public const string MethodNotAllowed = "method_not_allowed";
    public const string UnsupportedMediaType = "unsupported_media_type";
    public const string Internal = "internal";
}
