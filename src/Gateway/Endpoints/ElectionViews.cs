using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Quorate.Contracts.Elections;
using Quorate.Core.StateMachine.Elections;

namespace Quorate.Gateway.Endpoints;

/// <summary>Elections in the words of the contract.</summary>
internal static class ElectionViews
{
    /// <summary>Past terms of an election in lists and live messages.</summary>
    public const int ListedTerms = 5;

    public static ElectionView Of(ElectionState state, int terms) => new(
        state.Name,
        state.Leader is { } leader ? Of(leader) : null,
        [.. state.Waiting.Select((candidate, index) => Of(candidate, index + 1))],
        state.NewestToken,
        [.. state.Past.Reverse().Take(terms).Select(Of)],
        state.Past.Count);

    private static ElectionLeader Of(Incumbent leader) => new(
        leader.Candidate.Name,
        Json(leader.Candidate.Value),
        leader.Token,
        Views.Time(leader.From),
        Views.Time(leader.Candidate.ExpiresAt),
        Session(leader.Candidate.Session));

    private static ElectionCandidate Of(Candidate candidate, int position) => new(
        candidate.Name, Json(candidate.Value), Views.Time(candidate.Since), Views.Time(candidate.ExpiresAt), position, Session(candidate.Session));

    private static ElectionTerm Of(PastTerm term) => new(
        term.Leader, Json(term.Value), term.Token, Views.Time(term.From), Views.Time(term.To), Cause(term.Cause), term.Reason);

    private static JsonElement? Json(ReadOnlyMemory<byte> value) => value.IsEmpty ? null : JsonElement.Parse(value.Span);

    private static string? Session(long? session) => session?.ToString(CultureInfo.InvariantCulture);

    private static string Cause(TermEnd cause) => cause switch
    {
        TermEnd.Resigned => TermEnds.Resigned,
        TermEnd.Expired => TermEnds.Expired,
        TermEnd.SessionEnded => TermEnds.SessionEnded,
        _ => throw new UnreachableException(cause.ToString()),
    };
}
