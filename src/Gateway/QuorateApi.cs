using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Quorate.Contracts;
using Quorate.Gateway.Endpoints;
using Quorate.Gateway.Endpoints.Binding;
using Quorate.Gateway.Metrics;
using Quorate.Gateway.OpenApi;
using Quorate.Gateway.Problems;
using Quorate.Gateway.Replication;
using Quorate.Node.Access;

namespace Quorate.Gateway;

/// <summary>The REST API.</summary>
internal static class QuorateApi
{
    /// <summary>
    /// Registers what the API needs of its own. It also needs <see cref="ClusterClient"/>, <see cref="Hosting.ITopologySource"/>,
    /// <see cref="GatewayOptions"/> and, where failures may be caused on purpose, <see cref="Hosting.ILaboratory"/>.
    /// </summary>
    public static IServiceCollection AddQuorateApi(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json => ContractJson.Configure(json.SerializerOptions));

        // Bad requests reach the table of problems as exceptions, in every environment.
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        services.AddSingleton<Leadership>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<QueueSampler>();
        services.AddHostedService(provider => provider.GetRequiredService<QueueSampler>());
        services.AddSingleton<IDocumentReaders, RegionDocuments>();
        services.AddQuorateOpenApi();
        return services;
    }

    /// <summary>Problem details and paths taken as written, for everything under <c>/api</c>. Call it before anything that looks at the path.</summary>
    public static WebApplication UseQuorateProblems(this WebApplication app)
    {
        app.UseMiddleware<LiteralPath>();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseRouting();
        return app;
    }

    /// <summary>Bounds what bodies of requests take of memory while they are under way. Call it after <see cref="UseQuorateProblems"/>.</summary>
    public static WebApplication UseBodyBudget(this WebApplication app)
    {
        app.UseMiddleware<Hosting.BodyBudget>();
        return app;
    }

    public static WebApplication MapQuorateApi(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<IOptions<GatewayOptions>>().Value;
        var api = app.MapGroup("").WithMetadata(new RequestSizeLimitAttribute(options.MaxPayloadBytes));
        api.MapCluster();
        api.MapMembers();
        api.MapKv();
        api.MapKvHistory();
        api.MapCache();
        api.MapBatch();
        api.MapTransactions();
        api.MapLocks();
        api.MapQueues();
        api.MapElections();
        api.MapState();
        api.MapEvents();
        api.MapSessions();
        api.MapCollections();
        api.MapDocuments();
        api.MapBlobs();
        api.MapChunks();
        api.MapSync();
        api.MapConflicts();
        api.MapRegions();
        api.MapLaboratory();
        api.MapHealth();
        app.MapQuorateOpenApi();
        return app;
    }
}
