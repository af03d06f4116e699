using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Quorate.Bench.Measure;

/// <summary>How long a small message takes through the loopback interface and back: the floor under every request.</summary>
internal static class LoopbackLimit
{
    private const int MessageBytes = 64;
    private const int WarmUp = 1000;

    /// <returns>Median round trip in microseconds, between two threads that block on their sockets.</returns>
    public static double RoundTripMicroseconds(int times)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.Connect(listener.LocalEndPoint!);
        using var server = listener.Accept();
        server.NoDelay = true;
        var echo = new Thread(() => Echo(server));
        echo.Start();

        var message = new byte[MessageBytes];
        var values = new double[times];
        for (var i = -WarmUp; i < times; i++)
        {
            var started = Stopwatch.GetTimestamp();
            client.Send(message);
            Receive(client, message);
            if (i >= 0)
            {
                values[i] = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
            }
        }

        client.Shutdown(SocketShutdown.Both);
        echo.Join();
        return Figures.Median(values).Typical;
    }

    private static void Echo(Socket socket)
    {
        var message = new byte[MessageBytes];
        while (Receive(socket, message))
        {
            socket.Send(message);
        }
    }

    private static bool Receive(Socket socket, byte[] message)
    {
        for (var received = 0; received < message.Length;)
        {
            var count = socket.Receive(message.AsSpan(received));
            if (count == 0)
            {
                return false;
            }

            received += count;
        }

        return true;
    }
}
