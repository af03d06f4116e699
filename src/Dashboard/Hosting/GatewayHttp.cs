using Microsoft.Extensions.Options;
using Quorate.Client;

namespace Quorate.Dashboard.Hosting;

/// <summary>One connection pool to the gateway, shared by all circuits.</summary>
internal sealed class GatewayHttp(IOptions<DashboardOptions> options) : IDisposable
{
    /// <summary>Longer than the gateway takes to give up without a quorum (2 s), shorter than an operator's patience.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

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
