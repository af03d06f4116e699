using Microsoft.AspNetCore.Http.Features;

namespace Quorate.Gateway.Endpoints.Binding;

/// <summary>
/// Keys and names are path segments and may hold any character. The server decodes a path before it is routed, all but <c>%2F</c>,
/// so that afterwards <c>a%2Fb</c> (the key <c>a/b</c>) and <c>a%252Fb</c> (the key <c>a%2Fb</c>) look the same, and the keys
/// <c>.</c> and <c>..</c> are gone. Under <c>/api</c> the path is therefore routed as the client wrote it, and
/// <see cref="SegmentName"/> is the only place that decodes.
/// </summary>
internal sealed class LiteralPath(RequestDelegate next)
{
    private const string Root = "/api/";

    public Task InvokeAsync(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        var query = target.IndexOf('?');
        var path = query < 0 ? target.AsSpan() : target.AsSpan(0, query);
        if (path.StartsWith(Root, StringComparison.OrdinalIgnoreCase) && !path.SequenceEqual(context.Request.Path.Value))
        {
            context.Request.Path = new PathString(path.ToString());
        }

        return next(context);
    }
}
