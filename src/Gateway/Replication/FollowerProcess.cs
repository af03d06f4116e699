using Quorate.Contracts;
using Quorate.Contracts.Problems;
using Quorate.Gateway.Endpoints;
using Quorate.Gateway.Hosting;
using Quorate.Gateway.Problems;
using Quorate.Node;
using Quorate.Node.Replication;
using Quorate.Node.Storage;

namespace Quorate.Gateway.Replication;

/// <summary>A follower as a process of its own: pulls from a gateway, and answers reads of documents from its copy. Writes belong to the gateway.</summary>
internal static class FollowerProcess
{
    private const string FollowKey = "Replication:Follow";
    private const string FollowerKey = "Replication:Follower";
    private const int ConfigurationError = 2;

    public static bool IsAsked(string[] args) =>
        !CommandLine.AsksForHelp(args) && args.Any(arg => arg.Split('=')[0] is "--follow" or "--" + FollowKey);

    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            await using var app = Build(CommandLine.Translate(args));
            await StartAsync(app);
            var worker = app.Services.GetRequiredService<FollowerWorker>();
            Console.Out.WriteLine($"Quorate follower {worker.Id} of {app.Configuration[FollowKey]} at {app.Urls.First()}. Ctrl+C stops it; the data stays.");
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (StartupException error)
        {
            Console.Error.WriteLine(error.Message);
            return ConfigurationError;
        }
    }

    private static WebApplication Build(string[] args)
    {
        var builder = GatewayHostExtensions.CreateBuilder(args);
        var (source, id) = Read(builder.Configuration);
        var directory = Path.GetFullPath(builder.Configuration["Cluster:DataDirectory"] ?? "./data");
        var services = builder.Services;
        services.ConfigureHttpJsonOptions(json => ContractJson.Configure(json.SerializerOptions));
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        services.AddSingleton(provider => Create(id, source, directory, provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<IDocumentReaders, FollowerDocuments>();
        services.AddHostedService<FollowerService>();

        var app = builder.Build();
        app.UseQuorateProblems();
        app.MapCollectionReads();
        app.MapDocumentReads();
        app.MapGet(Routes.SyncStatus, (FollowerWorker worker) => TypedResults.Ok(new { worker.Id, Sequence = worker.Store.Position, Source = source, worker.Snapshots, worker.Error }));
        app.MapGet(Routes.Live, () => TypedResults.Ok(new { status = "live" }));
        app.MapFallback("/api/{**path}", () => new ProblemResult(
            ErrorCodes.ReadOnly, $"This is a read replica of {source}: it answers reads of documents and nothing else. Write there."));
        return app;
    }

    /// <exception cref="StartupException">The configuration is wrong; lists every error.</exception>
    private static (Uri Source, string Id) Read(IConfiguration configuration)
    {
        var errors = new List<string>();
        if (!Uri.TryCreate(configuration[FollowKey], UriKind.Absolute, out var source) || source.Scheme is not ("http" or "https"))
        {
            errors.Add($"{FollowKey} (--follow) must be the http:// or https:// address of a gateway, but is '{configuration[FollowKey]}'.");
        }

        var id = configuration[FollowerKey] ?? "";
        if (!NodeOptions.IsName(id, Core.Raft.NodeId.MaxLength))
        {
            errors.Add($"{FollowerKey} (--follower) must be an id of 1 to 64 letters, digits, '.', '_' or '-', but is '{id}'.");
        }

        return errors.Count == 0 ? (source!, id) : throw new StartupException(errors);
    }

    private static FollowerWorker Create(string id, Uri source, string directory, ILoggerFactory loggers)
    {
        var logger = loggers.CreateLogger($"Quorate.Follower.{id}");
        var http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2) }) { Timeout = Timeout.InfiniteTimeSpan };
        return Followers.Create(id, directory, http, () => source, logger);
    }

    private static async Task StartAsync(WebApplication app)
    {
        try
        {
            await app.StartAsync();
        }
        catch (IOException error) when (error is not StorageException)
        {
            throw new StartupException($"{error.Message.TrimEnd('.')}. Stop what listens there, or choose another address with --urls.");
        }
    }

    /// <summary>Reads of a follower's copy: what it has by now.</summary>
    private sealed class FollowerDocuments(FollowerWorker worker) : IDocumentReader, IDocumentReaders
    {
        public string Follower => worker.Id;

        public IDocumentReader Find(string? region) => string.IsNullOrEmpty(region) ? this : throw new UnknownRegionException(
            "A follower has a copy of the one region that it follows: leave 'region' out.");

        public Task<T> ReadAsync<T>(Func<Core.StateMachine.ClusterState, T> query, CancellationToken cancel) => Task.FromResult(worker.Store.Read(query));
    }

    private sealed class FollowerService(FollowerWorker worker) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => worker.RunAsync(stoppingToken);

        public override void Dispose()
        {
            base.Dispose();
            worker.Store.Dispose();
        }
    }
}
