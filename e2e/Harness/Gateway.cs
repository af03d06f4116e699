using System.Text.Json;
using Quorate.Client;
using Quorate.Contracts.Cluster;

namespace Quorate.EndToEnd.Harness;

/// <summary>A gateway with its embedded cluster: a real process, a port and a data directory of its own, and a client for it.</summary>
internal sealed class Gateway : IAsyncDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly string[] _arguments;
    private GatewayProcess _process;
    private HttpClient? _http;

    private Gateway(string[] arguments)
    {
        _arguments = ["--data", Path.Combine(_directory.Path, "data"), .. arguments];
        _process = Run("http://127.0.0.1:0");
    }

    public Uri Address { get; private set; } = null!;

    public QuorateClient Client { get; private set; } = null!;

    public HttpClient Http => _http!;

    public static async Task<Gateway> StartAsync(params string[] arguments)
    {
        var gateway = new Gateway(arguments);
        gateway.Address = await gateway._process.ConsoleAddressAsync();
        gateway._http = new HttpClient { BaseAddress = gateway.Address };
        gateway.Client = new QuorateClient(gateway._http);
        return gateway;
    }

    public Task KillAsync() => _process.KillAsync();

    public Task HangAsync() => _process.HangAsync();

    public Task WakeAsync() => _process.WakeAsync();

    /// <summary>Starts the killed gateway again, on the same port with the same data.</summary>
    public async Task RestartAsync()
    {
        await _process.DisposeAsync();
        _process = Run(Address.ToString());
        await _process.ConsoleAddressAsync();
    }

    public async Task<string> LeaderAsync()
    {
        Topology? topology = null;
        await Deadlines.EventuallyAsync(async () => (topology = await Client.GetClusterAsync()).Leader is not null, "the cluster has a leader");
        return topology!.Leader!;
    }

    public Task PutAsync(string key, object value) => Client.PutKeyAsync(key, JsonSerializer.SerializeToElement(value));

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        await _process.DisposeAsync();
        _directory.Dispose();
    }

    private GatewayProcess Run(string url) => GatewayProcess.Start(_directory.Path, ["--urls", url, .. _arguments]);
}
