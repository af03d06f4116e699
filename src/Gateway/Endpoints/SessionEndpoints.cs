using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Quorate.Contracts;
using Quorate.Contracts.Problems;
using Quorate.Contracts.Sessions;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Sessions;
using Quorate.Gateway.Endpoints.Binding;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;
using Quorate.Node.Access;

namespace Quorate.Gateway.Endpoints;

internal static class SessionEndpoints
{
    private const long DefaultTtlMs = 30_000;
    private const long MinTtlMs = 100;
    private const long MaxTtlMs = 86_400_000;

    public static void MapSessions(this IEndpointRouteBuilder routes)
    {
        var sessions = routes.MapGroup(Routes.Sessions).WithTags("Sessions");
        sessions.MapGet("", ListSessions).WithName("listSessions").AnswersToRead();
        sessions.MapPost("", OpenSession).WithName("openSession").AnswersToWrite()
            .WithMetadata(new ResponseHeaderDoc(HeaderNames.Location, "Path of the session."));
        sessions.MapGet("/{id}", GetSession).WithName("getSession").AnswersToRead(ErrorCodes.SessionNotFound);
        sessions.MapDelete("/{id}", CloseSession).WithName("closeSession").AnswersToWrite();
        sessions.MapPost("/{id}/keepalive", KeepSessionAlive).WithName("keepSessionAlive").AnswersToWrite();
        sessions.MapGet("/{id}/outcomes/{sequence}", GetOutcome).WithName("getOutcome")
            .AnswersToRead(ErrorCodes.SessionNotFound, ErrorCodes.SequenceTooOld);
    }

    /// <summary>Lists the open sessions, oldest first.</summary>
    private static async Task<Ok<Page<SessionView>>> ListSessions(PageQuery page, ClusterClient cluster, CancellationToken cancel)
    {
        var after = page.AfterNumber ?? 0;
        var items = await cluster.ReadAsync(state => state.Sessions.After(after).Take(page.Limit + 1).ToList(), cancel);
        return TypedResults.Ok(page.Cut(items, Views.Of, item => Cursor.Of(item.Id)));
    }

    /// <summary>Opens a session. What is bound to it ends when it is closed or not kept alive.</summary>
    private static async Task<Results<Created<SessionView>, ProblemResult>> OpenSession(
        OpenSessionRequest? request, WriteHeaders headers, ClusterClient cluster, CancellationToken cancel)
    {
        var ttl = Durations.Require("ttlMs", request?.TtlMs, MinTtlMs, MaxTtlMs) ?? DefaultTtlMs;
        if (request?.Name is { } name)
        {
            Names.RequireText("name", name, Names.MaxBytes);
        }

        var result = await cluster.ExecuteAsync(new SessionOpen(ttl, request?.Name), headers.Options, cancel);
        if (result is not CommandResult.SessionOpened opened)
        {
            return ClusterProblems.Of(result);
        }

        var session = Views.Of(opened.Session);
        return TypedResults.Created(Routes.Session(session.Id), session);
    }

    /// <summary>Shows a session.</summary>
    private static async Task<Results<Ok<SessionView>, ProblemResult>> GetSession(SegmentName id, ClusterClient cluster, CancellationToken cancel)
    {
        var number = SessionIds.Parse(id.Value);
        return await cluster.ReadAsync(state => state.Sessions.Get(number), cancel) is { } session
            ? TypedResults.Ok(Views.Of(session))
            : ClusterProblems.Of(new CommandResult.SessionUnknown(number));
    }

    /// <summary>Keeps a session open for its time to live from now.</summary>
    private static async Task<Results<Ok<SessionView>, ProblemResult>> KeepSessionAlive(
        SegmentName id, WriteHeaders headers, ClusterClient cluster, CancellationToken cancel)
    {
        var number = SessionIds.Parse(id.Value);
        var result = await cluster.ExecuteAsync(new SessionKeepAlive(number), headers.Options, cancel);
        if (result is not CommandResult.SessionRenewed renewed)
        {
            return ClusterProblems.Of(result);
        }

        // It was there a moment ago, but somebody may have closed it since.
        return cluster.Peek(state => state.Sessions.Get(number)) is { } session
            ? TypedResults.Ok(Views.Of(session) with { ExpiresAt = Views.Time(renewed.ExpiresAt) })
            : ClusterProblems.Of(new CommandResult.SessionUnknown(number));
    }

    /// <summary>Closes a session: its locks are released and its waiting requests end.</summary>
    private static async Task<Results<NoContent, ProblemResult>> CloseSession(
        SegmentName id, WriteHeaders headers, ClusterClient cluster, CancellationToken cancel)
    {
        var result = await cluster.ExecuteAsync(new SessionClose(SessionIds.Parse(id.Value)), headers.Options, cancel);
        return result is CommandResult.SessionClosed ? TypedResults.NoContent() : ClusterProblems.Of(result);
    }

    /// <summary>Says whether the write with a sequence number was applied, and what it was answered.</summary>
    private static async Task<Results<Ok<SessionOutcome>, ProblemResult>> GetOutcome(
        SegmentName id, SegmentName sequence, ClusterClient cluster, CancellationToken cancel)
    {
        var number = new SessionSequence(SessionIds.Parse(id.Value), WriteHeaders.ReadSequence("sequence", sequence.Value));
        var (session, reply) = await cluster.ReadAsync(
            state => (state.Sessions.Get(number.Session), state.Sessions.Reply(number)), cancel);
        if (session is null)
        {
            return ClusterProblems.Of(new CommandResult.SessionUnknown(number.Session));
        }

        var oldest = session.MaxSequence - SessionTable.KeptReplies + 1;
        return reply is null && number.Sequence < oldest
            ? ClusterProblems.Of(new CommandResult.SequenceTooOld(oldest))
            : TypedResults.Ok(OutcomeViews.Of(id.Value, number.Sequence, reply));
    }
}
