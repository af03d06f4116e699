using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Quorate.Client;
using Quorate.Dashboard.Hosting;
using Quorate.Dashboard.Live;
using Quorate.Dashboard.Resources;

namespace Quorate.Dashboard;

public static class DashboardServiceCollectionExtensions
{
    /// <summary>Registers the console; <see cref="DashboardEndpointExtensions.MapDashboard"/> serves it.</summary>
    public static IServiceCollection AddDashboard(this IServiceCollection services, Action<DashboardOptions> configure)
    {
        services.Configure(configure);
        services.TryAddSingleton(TimeProvider.System);
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddAntiforgery();

        services.AddSingleton<GatewayHttp>();
        services.AddScoped(provider => provider.GetRequiredService<GatewayHttp>().CreateClient());
        services.AddScoped<ILiveFeed>(provider =>
        {
            var options = provider.GetRequiredService<IOptions<DashboardOptions>>().Value;
            return new LiveFeed(
                new LiveFeedOptions { GatewayUrl = options.GatewayUrl, AccessToken = options.AccessToken },
                provider.GetRequiredService<TimeProvider>());
        });
        services.AddScoped<LiveState>();
        services.AddScoped<Ticker>();
        services.AddScoped<Text>();
        services.AddScoped<Browser>();
        services.AddScoped<Curl>();
        services.AddScoped<Clock>();
        return services;
    }
}
