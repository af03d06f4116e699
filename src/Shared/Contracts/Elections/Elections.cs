using System.Text.Json;
using System.Text.Json.Serialization;

namespace Quorate.Contracts.Elections;

/// <summary>A named election and everybody in it.</summary>
/// <param name="Leader">Null while nobody stands.</param>
/// <param name="Waiting">Who leads next, in order.</param>
/// <param name="FencingToken">The highest token given so far.</param>
/// <param name="Terms">Past terms, newest first: at most 100, and at most 5 in lists and live messages.</param>
/// <param name="TermCount">Past terms that are remembered.</param>
public sealed record ElectionView(
    string Name,
    ElectionLeader? Leader,
    IReadOnlyList<ElectionCandidate> Waiting,
    long FencingToken,
    IReadOnlyList<ElectionTerm> Terms,
    int TermCount);

/// <param name="Value">What the leader tells everybody; null when nothing.</param>
/// <param name="FencingToken">Of this term; strictly increasing per election. Send it along with what must not be done by a former leader.</param>
/// <param name="Since">Since when it leads.</param>
/// <param name="ExpiresAt">Null when bound to a session instead of a TTL.</param>
public sealed record ElectionLeader(
    string Candidate, JsonElement? Value, long FencingToken, DateTimeOffset Since, DateTimeOffset? ExpiresAt, string? SessionId);

/// <param name="Since">Since when it stands.</param>
/// <param name="Position">Place in the queue, from 1.</param>
public sealed record ElectionCandidate(
    string Candidate, JsonElement? Value, DateTimeOffset Since, DateTimeOffset? ExpiresAt, int Position, string? SessionId);

/// <summary>A leadership that is over.</summary>
/// <param name="Value">What the leader proclaimed last.</param>
/// <param name="Cause">One of <see cref="TermEnds"/>.</param>
/// <param name="Reason">Why, as whoever ended it said in X-Reason.</param>
public sealed record ElectionTerm(
    string Leader, JsonElement? Value, long FencingToken, DateTimeOffset From, DateTimeOffset To, string Cause, string? Reason);

/// <summary>Why a leadership ended.</summary>
public static class TermEnds
{
    public const string Resigned = "resigned";
    public const string Expired = "expired";
    public const string SessionEnded = "session_ended";
}

/// <param name="Candidate">Who stands; the same candidate standing again keeps its place and lasts anew. 1 to 512 bytes of UTF-8.</param>
/// <param name="Value">Any JSON of at most 4096 bytes, for everybody to see.</param>
/// <param name="TtlMs">How long the candidacy lasts unless renewed: 100 to 86,400,000. Default 30,000; with a session, none.</param>
/// <param name="WaitMs">How long to wait to be elected before answering: 0 (default) to 600,000. The candidacy goes on after that.</param>
/// <param name="SessionId">Binds the candidacy to a session: it ends when the session does.</param>
public sealed record CampaignRequest(
    string Candidate,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] JsonElement Value = default,
    long? TtlMs = null,
    long? WaitMs = null,
    string? SessionId = null);

/// <param name="Elected">Whether the candidate leads.</param>
/// <param name="FencingToken">Of its term, when it leads.</param>
/// <param name="Position">Its place in the queue, from 1; 0 when it leads.</param>
/// <param name="Leader">Who leads.</param>
public sealed record CampaignResponse(
    string Election, string Candidate, bool Elected, long? FencingToken, int Position, string Leader, DateTimeOffset? ExpiresAt);

/// <param name="FencingToken">Of the term, as campaign answered.</param>
public sealed record RenewTermRequest(string Candidate, long? FencingToken);

/// <param name="FencingToken">Of the term, as campaign answered.</param>
/// <param name="Value">Any JSON of at most 4096 bytes.</param>
public sealed record ProclaimRequest(
    string Candidate,
    long? FencingToken,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] JsonElement Value = default);

/// <param name="FencingToken">Resign only from this term; null: in any case, also from the queue.</param>
public sealed record ResignRequest(string Candidate, long? FencingToken = null);

/// <param name="Led">Whether the candidate was the leader.</param>
/// <param name="Leader">Who leads now; null when nobody stands.</param>
public sealed record ResignResponse(string Election, string Candidate, bool Led, string? Leader);
