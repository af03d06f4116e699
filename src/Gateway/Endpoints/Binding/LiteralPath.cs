using Microsoft.AspNetCore.Http.Features;

namespace Quorate.Gateway.Endpoints.Binding;

/// <summary>
/// Keys and names are path segments and may hold any character. The server decodes a path before it is routed, all but <c>%2F</c>,
/// so that afterwards <c>a%2Fb</c> (the key <c>a/b</c>) and <c>a%252Fb</c> (the key <c>a%2Fb</c>) look the same, and the keys
/// <c>.</c> and <c>..</c> are gone. Under <c>/api</c> and <c>/_api</c> the path is therefore routed as the client wrote it, and
/// <see cref="SegmentName"/> is the only place that decodes.
/// </summary>
internal sealed class LiteralPath(RequestDelegate next)
{
    private const string Root = "/api/";
    private const string SyncRoot = "/_api/";

    public Task InvokeAsync(HttpContext context)
    {
        var decoded = context.Request.Path.Value;
        var written = PathOf(context.Features.Get<IHttpRequestFeature>()?.RawTarget);
        if ((IsApi(written) || IsApi(decoded)) && written.StartsWith('/') && !written.SequenceEqual(decoded))
        {
            context.Request.Path = new PathString(written.ToString());
        }

        return next(context);
    }

    private static bool IsApi(ReadOnlySpan<char> path) => path.StartsWith(Root, StringComparison.OrdinalIgnoreCase) || path.StartsWith(SyncRoot, StringComparison.OrdinalIgnoreCase);

    /// <summary>The path of a request target in origin-form, or in absolute-form as it is sent to proxies (RFC 9112 §3.2).</summary>
    private static ReadOnlySpan<char> PathOf(string? target)
    {
        const string AfterScheme = "://";
        var path = target.AsSpan();
        if (!path.StartsWith('/') && path.IndexOf(AfterScheme) is var scheme and > 0)
        {
            path = path[(scheme + AfterScheme.Length)..];
            path = path.IndexOf('/') is var slash and >= 0 ? path[slash..] : "/";
        }

        return path.IndexOf('?') is var query and >= 0 ? path[..query] : path;
    }
}
