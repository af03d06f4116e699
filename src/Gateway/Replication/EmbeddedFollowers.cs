using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Quorate.Gateway.Hosting;
using Quorate.Node.Replication;

namespace Quorate.Gateway.Replication;

/// <summary>Followers inside the gateway's process, as real as anywhere else: each has its own copy on disk, and pulls over HTTP.</summary>
public sealed class EmbeddedFollowers : BackgroundService
{
    private readonly List<FollowerWorker> _workers = [];
    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(2) }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly OwnAddress _gateway = new();
    private readonly IServer _server;
    private readonly IHostApplicationLifetime _lifetime;

    /// <exception cref="StartupException">A data directory cannot be used.</exception>
    public EmbeddedFollowers(ClusterOptions options, IServer server, IHostApplicationLifetime lifetime, ILoggerFactory loggers)
    {
        (_server, _lifetime) = (server, lifetime);
        foreach (var id in options.Followers)
        {
            var logger = loggers.CreateLogger($"Quorate.Follower.{id}");
            _workers.Add(Followers.Create(id, Path.Combine(options.DataDirectory, "followers", id), _http, () => _gateway.Url, logger));
        }
    }

    /// <summary>Rounds that failed, of all of them.</summary>
    public long Failures => _workers.Sum(worker => worker.Failures);

    public FollowerWorker? Find(string id) => _workers.Find(worker => worker.Id == id);

    public override void Dispose()
    {
        base.Dispose();
        _workers.ForEach(worker => worker.Store.Dispose());
        _http.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var listening = _lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (stoppingToken.IsCancellationRequested || _workers.Count == 0)
        {
            return;
        }

        _gateway.Set(_server.Features.Get<IServerAddressesFeature>()!.Addresses.First());
        await Task.WhenAll(_workers.Select(worker => Task.Run(() => worker.RunAsync(stoppingToken), CancellationToken.None)));
    }
}
