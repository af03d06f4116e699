using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Quorate.Dashboard.Hosting;

/// <summary>Styles and scripts as endpoints, so that no other endpoint or fallback of the host can hide them.</summary>
internal static class DashboardAssets
{
    private const string Revalidate = "no-cache";
    private const string ScriptResource = "blazor.web.js";

    public static void MapDashboardAssets(this IEndpointRouteBuilder endpoints)
    {
        if (typeof(DashboardAssets).Assembly.GetManifestResourceInfo(ScriptResource) is not null)
        {
            var script = Asset.Load(ScriptResource);
            endpoints.MapGet("/_framework/blazor.web.js", (HttpContext context) => script.Answer(context)).ExcludeFromDescription();
        }

        var files = endpoints.CreateApplicationBuilder();
        files.Use((context, next) =>
        {
            // The static file middleware stands back where an endpoint was chosen; here the endpoint is the middleware itself.
            context.SetEndpoint(null);
            return next(context);
        });
        files.UseStaticFiles(new StaticFileOptions
        {
            OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = Revalidate,
        });
        endpoints.MapGet("/_content/{**path}", files.Build()).ExcludeFromDescription();
    }

    private sealed record Asset(byte[] Content, EntityTagHeaderValue Tag)
    {
        public static Asset Load(string resource)
        {
            using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            return new Asset(content, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content))}\""));
        }

        public FileContentHttpResult Answer(HttpContext context)
        {
            context.Response.Headers.CacheControl = Revalidate;
            return TypedResults.Bytes(Content, "text/javascript; charset=utf-8", entityTag: Tag);
        }
    }
}
