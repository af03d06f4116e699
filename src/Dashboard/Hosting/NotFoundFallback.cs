using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Quorate.Dashboard.Hosting;

/// <summary>Answers an address that nobody knows with the console's own page, as 404.</summary>
internal static class NotFoundFallback
{
    /// <summary>Addresses of the API, hubs and files are left to those who serve them.</summary>
    private const string PageAddresses =
        "/{*path:nonfile:regex(^(?!(api|hubs|healthz|metrics|openapi|swagger|_blazor|_content|_framework)(/|$)))}";

    private const string NotFoundPage = "not-found";

    /// <summary>A host's own fallback comes after this one.</summary>
    private const int Order = int.MaxValue - 1;

    public static void MapNotFound(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet(PageAddresses, ShowAsync).ExcludeFromDescription().Add(route => ((RouteEndpointBuilder)route).Order = Order);

    private static Task ShowAsync(HttpContext context)
    {
        var page = context.RequestServices.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .First(endpoint => endpoint.RoutePattern.RawText?.Trim('/') == NotFoundPage);
        context.Response.OnStarting(() =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        context.Request.RouteValues.Clear();
        context.SetEndpoint(page);
        return page.RequestDelegate!(context);
    }
}
