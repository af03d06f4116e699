using System.Net;
using System.Net.Sockets;

namespace Quorate.Soak.Network;

internal static class Ports
{
    /// <summary>Ports that are free on loopback now. All are held at the same time, so that they differ.</summary>
    public static int[] Free(int count)
    {
        var sockets = Enumerable.Range(0, count).Select(_ =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            return socket;
        }).ToList();
        var ports = sockets.Select(socket => ((IPEndPoint)socket.LocalEndPoint!).Port).ToArray();
        sockets.ForEach(socket => socket.Dispose());
        return ports;
    }
}
