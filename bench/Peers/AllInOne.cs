using Quorate.Bench.Load;

namespace Quorate.Bench.Peers;

/// <summary>One gateway process with three nodes inside, as <c>dotnet run --project src/Gateway</c> starts it.</summary>
internal sealed class AllInOne(Workspace workspace, string prefix = "") : IPeer
{
    private GatewayProcess? _gateway;

    public string Name => "all in one";

    public IReadOnlyList<PeerProcess> Processes => [new PeerProcess("gateway with 3 nodes", Gateway.Id, false)];

    public GatewayProcess Gateway => _gateway ?? throw new InvalidOperationException("not started");

    public Task StartAsync(CancellationToken cancel)
    {
        _gateway = new GatewayProcess(workspace, prefix + "all-in-one", "--data", Path.Combine(workspace.Folder(prefix + "all-in-one"), "data"));
        return _gateway.AwaitReadyAsync(cancel);
    }

    public Task<string?> ProveAsync(Workload workload, CancellationToken cancel) => Gateway.ProveAsync(workload, cancel);

    public Task<LoadRequest> RequestAsync(Workload workload, CancellationToken cancel) => Task.FromResult(Gateway.Request(workload));

    public Task<long> VersionAsync(string key, CancellationToken cancel) => Gateway.VersionAsync(key, cancel);

    public Task PutAsync(string key, CancellationToken cancel) => Gateway.PutAsync(key, cancel);

    public ValueTask DisposeAsync()
    {
        _gateway?.Dispose();
        return ValueTask.CompletedTask;
    }
}
