using Microsoft.Extensions.Options;
using Quorate.Client;

namespace Quorate.Dashboard.Hosting;

/// <summary>One connection pool to the gateway, shared by all circuits.</summary>
internal sealed class GatewayHttp(IOptions<DashboardOptions> options) : IDisposable
{
    /// <summary>Longer than the gateway takes for its slowest answer, the comparison of the nodes' states (20 s).</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(25);

    private readonly SocketsHttpHandler _handler = new() { PooledConnectionLifetime = TimeSpan.FromMinutes(5), UseCookies = false };

    public QuorateClient CreateClient() => new(
        new HttpClient(new LateAddressHandler(options.Value.GatewayUrl, _handler), disposeHandler: false)
        {
            BaseAddress = LateAddressHandler.Placeholder,
            Timeout = Timeout,
        },
        options.Value.AccessToken());

    public void Dispose() => _handler.Dispose();
}
