using System.Text.Json;

namespace Quorate.Contracts.Regions;

/// <summary>A conflict: versions of one document of which none had seen another.</summary>
/// <param name="Id">The same in every region.</param>
/// <param name="Regions">Who wrote the versions.</param>
/// <param name="Versions">What stands, or stood, against each other. Every loser is among them.</param>
/// <param name="Strategy">One of <see cref="Documents.ConflictStrategies"/>: the collection's.</param>
/// <param name="Winner">The region whose version is shown or was chosen; null when both live on (<c>Fork</c>) or the value is another.</param>
/// <param name="Status">One of <see cref="ConflictStatuses"/>.</param>
/// <param name="DetectedAt">When the later of the versions was written.</param>
/// <param name="Settlements">What was done about it, oldest first.</param>
/// <param name="Current">What the document is now; null when it does not exist.</param>
/// <param name="CanUndo">Whether undo has something to take back and nothing was written since.</param>
public sealed record ConflictView(
    string Id,
    string Collection,
    string Key,
    IReadOnlyList<string> Regions,
    IReadOnlyList<ConflictVersionView> Versions,
    string Strategy,
    string? Winner,
    string Status,
    DateTimeOffset DetectedAt,
    IReadOnlyList<SettlementView> Settlements,
    Documents.DocumentView? Current,
    bool CanUndo);

/// <param name="Value">Null: the document was deleted, or, in lists, the value is larger than 4 KiB (see <paramref name="Truncated"/>).</param>
/// <param name="Key">Under which it can be read now, when it is a fork; null otherwise.</param>
public sealed record ConflictVersionView(
    string Region,
    JsonElement? Value,
    IReadOnlyDictionary<string, long> Clock,
    string Hlc,
    string Rev,
    DateTimeOffset At,
    bool Deleted,
    bool IsWinner,
    string? Key,
    int Size,
    bool Truncated = false);

/// <param name="Kind">One of <see cref="SettlementKinds"/>.</param>
/// <param name="Region">Where it was done.</param>
/// <param name="Chosen">The region whose version was taken; null when the value is another.</param>
/// <param name="Value">What the document became; null: deleted.</param>
/// <param name="Clock">Of the change that did it.</param>
public sealed record SettlementView(
    string Kind, string Region, DateTimeOffset At, string? Chosen, string? Reason, string Rev, JsonElement? Value, IReadOnlyDictionary<string, long> Clock);

public static class ConflictStatuses
{
    /// <summary>Waits for somebody to decide.</summary>
    public const string Open = "open";

    /// <summary>The strategy decided; the losers are kept.</summary>
    public const string Automatic = "automatic";

    /// <summary>Somebody wrote the document since, having seen one of the versions.</summary>
    public const string Overwritten = "overwritten";

    /// <summary>Somebody decided.</summary>
    public const string Resolved = "resolved";

    /// <summary>Somebody decided, and it was taken back.</summary>
    public const string Undone = "undone";

    public static readonly IReadOnlyList<string> All = [Open, Automatic, Overwritten, Resolved, Undone];
}

public static class SettlementKinds
{
    public const string Overwritten = "overwritten";
    public const string Resolved = "resolved";
    public const string Undone = "undone";
}

/// <summary>Exactly one of the three.</summary>
/// <param name="Strategy"><c>LastWriterWins</c>: the latest version; <c>Fork</c>: each under a name of its own.</param>
/// <param name="Region">Take this region's version.</param>
/// <param name="Value">Any JSON value, for instance a merge of both.</param>
/// <param name="Rev">The document's revision that was looked at: refused when it has another one by now. Null: in any case.</param>
public sealed record ResolveConflictRequest(string? Strategy = null, string? Region = null, JsonElement? Value = null, string? Rev = null);

/// <param name="Rev">The revision that the document has now; null when it is deleted or forked.</param>
public sealed record ResolveConflictResponse(string Id, string Status, string? Rev);

/// <summary>Several conflicts at once, by filter.</summary>
/// <param name="Collection">Null: all.</param>
/// <param name="Prefix">Keys that begin with it; null: all.</param>
/// <param name="Status">Default: <c>open</c>.</param>
/// <param name="Strategy">As in <see cref="ResolveConflictRequest"/>.</param>
/// <param name="Region">As in <see cref="ResolveConflictRequest"/>: those without a version of that region are left alone.</param>
/// <param name="Max">1 to 1,000. Default 100.</param>
public sealed record ResolveConflictsRequest(
    string? Collection = null, string? Prefix = null, string? Status = null, string? Strategy = null, string? Region = null, int? Max = null);

/// <param name="DryRun">Whether nothing was done.</param>
/// <param name="Matching">Conflicts that the filter found, up to the limit.</param>
/// <param name="More">Whether there are more than the limit.</param>
public sealed record ResolveConflictsResponse(bool DryRun, int Matching, int Resolved, bool More, IReadOnlyList<ResolvedConflict> Items);

/// <param name="Becomes">What the document becomes; null: deleted.</param>
/// <param name="Error">Why this one was left alone; null when it was not.</param>
/// <param name="Truncated">Whether <paramref name="Becomes"/> is left out because it is larger than 4 KiB.</param>
public sealed record ResolvedConflict(string Id, string Collection, string Key, JsonElement? Becomes, string? Winner, string? Error, bool Truncated = false);
