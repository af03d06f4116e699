using Microsoft.Net.Http.Headers;
using Quorate.Contracts.Problems;

namespace Quorate.Gateway.OpenApi;

/// <summary>The codes of the problems that an endpoint answers, as endpoint metadata.</summary>
internal sealed record EndpointProblems(IReadOnlyList<string> Codes);

internal static class EndpointProblemsExtensions
{
    private static readonly string[] Reading = [ErrorCodes.InvalidArgument, ErrorCodes.NoQuorum, ErrorCodes.Overloaded];

    private static readonly string[] Writing =
    [
        ErrorCodes.InvalidArgument, ErrorCodes.SessionNotFound, ErrorCodes.StaleToken, ErrorCodes.SequenceTooOld,
        ErrorCodes.IdempotencyKeyReused, ErrorCodes.NoQuorum, ErrorCodes.Overloaded, ErrorCodes.DiskFull,
    ];

    /// <summary>Documents an endpoint's own problems. Those of every endpoint and of every body need not be named.</summary>
    public static RouteHandlerBuilder Answers(this RouteHandlerBuilder endpoint, params IEnumerable<string> codes) =>
        endpoint.WithMetadata(new EndpointProblems([.. codes]));

    /// <summary>A response whose ETag is the revision of a key.</summary>
    public static RouteHandlerBuilder AnswersWithETag(this RouteHandlerBuilder endpoint) =>
        endpoint.WithMetadata(new ResponseHeaderDoc(HeaderNames.ETag, "The revision in quotes; send it as If-Match to change just this one."));

    /// <summary>A read that a quorum confirms.</summary>
    public static RouteHandlerBuilder AnswersToRead(this RouteHandlerBuilder endpoint, params IEnumerable<string> codes) =>
        endpoint.Answers([.. Reading, .. codes]);

    /// <summary>A write to the replicated state.</summary>
    public static RouteHandlerBuilder AnswersToWrite(this RouteHandlerBuilder endpoint, params IEnumerable<string> codes) =>
        endpoint.Answers([.. Writing, .. codes]);
}
