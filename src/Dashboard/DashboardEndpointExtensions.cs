using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.StaticWebAssets;
using Quorate.Dashboard.Components;
using Quorate.Dashboard.Hosting;

namespace Quorate.Dashboard;

public static class DashboardEndpointExtensions
{
    /// <summary>
    /// Serves the console at <c>/</c>: pages, circuit, styles and scripts, in every environment and from a build as well as from a
    /// published folder. Call it after authentication, if there is any.
    /// </summary>
    public static WebApplication MapDashboard(this WebApplication app)
    {
        StaticWebAssetsLoader.UseStaticWebAssets(app.Environment, app.Configuration);
        app.UseAntiforgery();
        app.MapDashboardAssets();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
        app.MapNotFound();
        return app;
    }
}
