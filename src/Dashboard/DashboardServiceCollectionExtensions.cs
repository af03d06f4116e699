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
    /// <summary>How often a quiet circuit says that it is there: several times in what <c>dashboard.js</c> takes for silence.</summary>
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(2);

    /// <summary>Registers the console; <see cref="DashboardEndpointExtensions.MapDashboard"/> serves it.</summary>
    public static IServiceCollection AddDashboard(this IServiceCollection services, Action<DashboardOptions> configure)
    {
        services.Configure(configure);
        services.TryAddSingleton(TimeProvider.System);
        services.AddRazorComponents().AddInteractiveServerComponents().AddHubOptions(options => options.KeepAliveInterval = KeepAlive);
        services.AddAntiforgery();

        services.AddSingleton<GatewayHttp>();
        services.AddScoped(provider => provider.GetRequiredService<GatewayHttp>().CreateClient());
        services.AddScoped<Func<ILiveFeed>>(provider => () =>
        {
            var options = provider.GetRequiredService<IOptions<DashboardOptions>>().Value;
            return new LiveFeed(
                new LiveFeedOptions { GatewayUrl = options.GatewayUrl, AccessToken = options.AccessToken },
                provider.GetRequiredService<TimeProvider>());
        });
        services.AddScoped(provider => provider.GetRequiredService<Func<ILiveFeed>>()());
        return services.AddCircuitState();
    }

    /// <summary>What belongs to one operator's circuit.</summary>
    internal static IServiceCollection AddCircuitState(this IServiceCollection services) => services
        .AddScoped<LiveState>()
        .AddScoped<Ticker>()
        .AddScoped<Text>()
        .AddScoped<Browser>()
        .AddScoped<Curl>()
        .AddScoped<Clock>();
}
