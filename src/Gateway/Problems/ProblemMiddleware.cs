namespace Quorate.Gateway.Problems;

/// <summary>
/// Turns what goes wrong under <c>/api</c> and <c>/_api</c> into problem details: exceptions, and statuses that the framework left without a body.
/// Other paths belong to pages and hubs, which have their own ways.
/// </summary>
internal sealed class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    /// <summary>As nginx logs it: the client is gone, nobody reads the answer.</summary>
    private const int ClientClosedRequest = 499;

    public async Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments("/api") && !context.Request.Path.StartsWithSegments("/_api"))
        {
            await next(context);
            return;
        }

        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = ClientClosedRequest;
            return;
        }
        catch (Exception error) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            await ProblemOf(error, context.Request).ExecuteAsync(context);
            return;
        }

        var response = context.Response;
        if (response is { HasStarted: false, ContentType: null } && ClusterProblems.Of(response.StatusCode) is { } problem)
        {
            await problem.ExecuteAsync(context);
        }
    }

    private ProblemResult ProblemOf(Exception error, HttpRequest request)
    {
        if (ClusterProblems.Of(error) is { } problem)
        {
            return problem;
        }

        ProblemLog.Unexpected(logger, request.Method, request.Path, error);
        return ClusterProblems.Unexpected();
    }
}
