using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;

namespace Quorate.Client;

/// <summary>Opens a WebSocket straight to a SignalR hub, without the negotiate request that other transports would need.</summary>
internal sealed class WebSocketConnectionFactory(string? accessToken) : IConnectionFactory
{
    public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var address = ((UriEndPoint)endpoint).Uri;
        var socket = new ClientWebSocket();
        try
        {
            if (accessToken is not null)
            {
                socket.Options.SetRequestHeader("Authorization", $"Bearer {accessToken}");
            }

            await socket.ConnectAsync(address, cancellationToken);
            return new WebSocketConnection(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>The hub's WebSocket address on a gateway: <c>ws</c> for <c>http</c>, <c>wss</c> for <c>https</c>.</summary>
    public static Uri HubAddress(Uri gateway, string path) =>
        new UriBuilder(gateway) { Scheme = gateway.Scheme == Uri.UriSchemeHttps ? "wss" : "ws", Path = path }.Uri;
}
