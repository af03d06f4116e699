using System.Text.Json;

namespace Quorate.Contracts.Documents;

/// <param name="Name">1 to 512 bytes of UTF-8; names that begin with <c>_</c> are the system's.</param>
/// <param name="ConflictStrategy">One of <see cref="ConflictStrategies"/>; null: <c>LastWriterWins</c>.</param>
public sealed record CreateCollectionRequest(string? Name, string? ConflictStrategy = null);

/// <param name="ConflictStrategy">One of <see cref="ConflictStrategies"/>.</param>
/// <param name="Documents">Documents in it.</param>
/// <param name="Bytes">Bytes of their values.</param>
/// <param name="CreatedAt">Null for the system's own.</param>
/// <param name="ReadOnly">Whether it is one of the system's own, which can only be read.</param>
public sealed record CollectionView(
    string Name, string ConflictStrategy, long Documents, long Bytes, DateTimeOffset? CreatedAt, bool ReadOnly = false);

/// <param name="Documents">Documents that went with it.</param>
public sealed record DropCollectionResponse(string Name, long Documents);

/// <param name="Value">Any JSON value.</param>
/// <param name="Rev">The revision that was read: the write is refused when the document has another one by now. Null: write in any case.</param>
public sealed record PutDocumentRequest(JsonElement? Value, string? Rev = null);

/// <param name="Rev">The revision that the document has now.</param>
/// <param name="Sequence">The change's number in the log of changes.</param>
public sealed record PutDocumentResponse(string Collection, string Key, string Rev, long Sequence, bool Created);

/// <param name="Rev">The revision that the deletion is.</param>
/// <param name="Sequence">The change's number in the log of changes.</param>
public sealed record DeleteDocumentResponse(string Collection, string Key, string Rev, long Sequence);

/// <summary>A document with its value.</summary>
/// <param name="Value">The JSON value; null in lists when it is larger than 4 KiB (see <paramref name="Truncated"/>).</param>
/// <param name="Rev">Generation, dash, hash. Opaque: compare it, send it back, and nothing else.</param>
/// <param name="Generation">Changes since it was created, from 1.</param>
/// <param name="Sequence">The last change's number in the log of changes.</param>
/// <param name="Hlc">Hybrid logical time of the last change: Unix milliseconds, a dot, a counter.</param>
/// <param name="Clock">Vector clock: the changes of each region that led here.</param>
/// <param name="Size">Bytes of the value as UTF-8 JSON.</param>
/// <param name="Region">Where the last change was made.</param>
/// <param name="Conflict">The id of the conflict that the document is in; null when it is in none.</param>
public sealed record DocumentView(
    string Collection,
    string Key,
    JsonElement? Value,
    string Rev,
    long Generation,
    long Sequence,
    DateTimeOffset CreatedAt,
    DateTimeOffset ModifiedAt,
    string Hlc,
    IReadOnlyDictionary<string, long> Clock,
    int Size,
    bool Truncated = false,
    string Region = "",
    string? Conflict = null);

/// <summary>What happens when two regions change a document and neither has seen the other's change.</summary>
public static class ConflictStrategies
{
    public const string LastWriterWins = "LastWriterWins";
    public const string Fork = "Fork";
    public const string Manual = "Manual";

    public static readonly IReadOnlyList<string> All = [LastWriterWins, Fork, Manual];
}

/// <summary>Collections that the system keeps itself, to be read like any other.</summary>
public static class SystemCollections
{
    /// <summary>The log of changes; keys are sequence numbers.</summary>
    public const string SyncLog = "_system/_sync_log";

    /// <summary>How far each follower is; keys are followers' ids. On a follower: how far it is itself.</summary>
    public const string SyncState = "_system/_sync_state";
}
