namespace Quorate.Contracts.Replication;

/// <summary>The log of changes, and how far each follower is.</summary>
/// <param name="Region">Which region's log it is.</param>
/// <param name="LastSequence">The newest change; 0 before the first.</param>
/// <param name="FirstSequence">The oldest change kept; one more than <paramref name="LastSequence"/> when none is.</param>
/// <param name="Entries">Changes kept.</param>
/// <param name="Bytes">What they count together.</param>
public sealed record SyncStatus(
    DateTimeOffset At,
    string Region,
    long LastSequence,
    long FirstSequence,
    long Entries,
    long Bytes,
    SyncRetentionView Retention,
    IReadOnlyList<FollowerView> Followers);

/// <summary>How much of the log is kept for followers that do not keep up.</summary>
/// <param name="MaxEntries">1 to 10,000,000.</param>
/// <param name="MaxBytes">1,024 to 4,294,967,296.</param>
public sealed record SyncRetentionView(long MaxEntries, long MaxBytes);

/// <param name="State">One of <see cref="FollowerStates"/>.</param>
/// <param name="Sequence">The last change that is durable there.</param>
/// <param name="LagOperations">Changes that it lacks.</param>
/// <param name="LagSeconds">Age of the oldest change that it lacks; 0 when it lacks none.</param>
/// <param name="ReportedAt">When it reported a position last.</param>
/// <param name="LastContact">When it asked this gateway last; null: never since the gateway started.</param>
/// <param name="Embedded">Whether it runs inside this gateway's process.</param>
/// <param name="Error">What keeps it, when it runs in this process and something does.</param>
/// <param name="MissingChunks">Chunks of blobs that it is still to fetch, as it said last; null when it has not said.</param>
public sealed record FollowerView(
    string Id,
    string State,
    long Sequence,
    long LagOperations,
    double LagSeconds,
    DateTimeOffset RegisteredAt,
    DateTimeOffset ReportedAt,
    DateTimeOffset? LastContact,
    bool Embedded,
    string? Error,
    long? MissingChunks = null);

/// <param name="Chunks">SHA-256 of each chunk that is asked about, 64 hexadecimal digits; at most 1000.</param>
public sealed record HasChunksRequest(IReadOnlyList<string> Chunks);

/// <param name="Present">Whether it can be had here, for each that was asked about.</param>
public sealed record HasChunksResponse(IReadOnlyList<bool> Present);

public static class FollowerStates
{
    /// <summary>It has everything.</summary>
    public const string InSync = "in_sync";

    /// <summary>It is pulling what it lacks.</summary>
    public const string CatchingUp = "catching_up";

    /// <summary>The log does not reach back to it any more: it gets a snapshot.</summary>
    public const string NeedsSnapshot = "needs_snapshot";

    /// <summary>It has not asked for a while; what it lacks is kept for it.</summary>
    public const string Disconnected = "disconnected";
}

/// <param name="Follower">Which follower is to pull now; null: all.</param>
/// <param name="WaitMs">How long to wait until they have what there is now: 0 to 60,000 milliseconds. Default 0.</param>
public sealed record TriggerSyncRequest(string? Follower = null, long? WaitMs = null);

/// <param name="LastSequence">The newest change when it was triggered.</param>
/// <param name="Followers">How many were told.</param>
/// <param name="InSync">How many of them had that change when this was answered.</param>
public sealed record TriggerSyncResponse(long LastSequence, int Followers, int InSync);

/// <param name="Sequence">The last change that is durable at the follower; 0 before the first.</param>
public sealed record ReportFollowerRequest(long? Sequence);

/// <param name="Sequence">As reported.</param>
/// <param name="NeedsSnapshot">Whether the log begins after what the follower has.</param>
public sealed record FollowerStanding(string Id, long Sequence, long FirstSequence, long LastSequence, bool NeedsSnapshot);

/// <param name="Entries">Following each other without a gap.</param>
/// <param name="LastSequence">The newest change there is.</param>
public sealed record SyncBatch(IReadOnlyList<SyncEntryView> Entries, long LastSequence);

/// <summary>The first line of a snapshot; each further line is a <see cref="SyncEntryView"/>, and the last one again a header with <see cref="Complete"/>.</summary>
/// <param name="Sequence">The last change that the snapshot has in it.</param>
/// <param name="Complete">On the last line: how many entries there were. Null on the first.</param>
public sealed record SyncSnapshotHeader(long Sequence, long? Complete = null);

/// <summary>A committed change.</summary>
/// <param name="Sequence">Counted from 1, without gaps.</param>
/// <param name="Hlc">Hybrid logical time: Unix milliseconds, a dot, a counter.</param>
/// <param name="Operation">One of <see cref="SyncOperations"/>.</param>
/// <param name="Key">Of the document; null for collections.</param>
/// <param name="Rev">Of the change; null for collections.</param>
/// <param name="Document">What an insert or update left; null otherwise.</param>
/// <param name="ConflictStrategy">Of a collection that was created; null otherwise.</param>
/// <param name="Blob">What a blob is made of that was written; null otherwise.</param>
public sealed record SyncEntryView(
    long Sequence,
    string Hlc,
    string Operation,
    string Collection,
    string? Key,
    string? Rev,
    Documents.DocumentView? Document,
    string? ConflictStrategy,
    BlobManifestView? Blob = null);

/// <summary>What a blob is made of.</summary>
/// <param name="Chunks">SHA-256 of each chunk, 32 bytes one after the other, in base64.</param>
/// <param name="Index">Log index of the commit.</param>
/// <param name="CreatedAt">Hybrid logical time, as in the entry.</param>
public sealed record BlobManifestView(long Size, string Sha256, string Chunks, string ContentType, long Index, string CreatedAt);

public static class SyncOperations
{
    public const string Insert = "Insert";
    public const string Update = "Update";
    public const string Delete = "Delete";
    public const string CreateCollection = "CreateCollection";
    public const string DropCollection = "DropCollection";
    public const string PutBlob = "PutBlob";
    public const string DeleteBlob = "DeleteBlob";
}

/// <summary>Where the log and its followers were at one moment.</summary>
public sealed record SyncSample(DateTimeOffset At, long LastSequence, IReadOnlyList<FollowerSample> Followers);

public sealed record FollowerSample(string Id, long Sequence, long LagOperations, double LagSeconds);
