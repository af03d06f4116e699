using System.Net;
using System.Net.Sockets;

namespace Quorate.Bench.Peers;

/// <summary>
/// A link over loopback that can be cut: connections to <see cref="Port"/> go on to another port. While it is cut they break, and new ones end at
/// once, so that both ends see what they see when a line is down.
/// </summary>
internal sealed class Relay : IDisposable
{
    private const int BufferBytes = 256 << 10;

    private readonly Lock _gate = new();
    private readonly HashSet<Socket> _open = [];
    private readonly Socket _listener = NewSocket();
    private readonly IPEndPoint _target;
    private bool _isCut;

    /// <param name="target">The port that is meant.</param>
    public Relay(int target)
    {
        _target = new IPEndPoint(IPAddress.Loopback, target);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _ = AcceptAsync();
    }

    public int Port { get; }

    public void Cut()
    {
        lock (_gate)
        {
            _isCut = true;
            foreach (var socket in _open)
            {
                socket.Dispose();
            }

            _open.Clear();
        }
    }

    public void Heal()
    {
        lock (_gate)
        {
            _isCut = false;
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        Cut();
    }

    private static Socket NewSocket() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var near = await _listener.AcceptAsync();
                var far = NewSocket();
                (near.NoDelay, far.NoDelay) = (true, true);
                if (Admit(near, far))
                {
                    _ = CarryAsync(near, far);
                }
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The relay is closed.
        }
    }

    private bool Admit(Socket near, Socket far)
    {
        lock (_gate)
        {
            if (_isCut)
            {
                near.Dispose();
                far.Dispose();
                return false;
            }

            _open.Add(near);
            _open.Add(far);
            return true;
        }
    }

    private async Task CarryAsync(Socket near, Socket far)
    {
        try
        {
            await far.ConnectAsync(_target);
            await Task.WhenAny(PumpAsync(near, far), PumpAsync(far, near));
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Nobody listens there, or the line was cut.
        }

        lock (_gate)
        {
            _open.Remove(near);
            _open.Remove(far);
        }

        near.Dispose();
        far.Dispose();
    }

    /// <summary>Ends when either side does.</summary>
    private static async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[BufferBytes];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var count)
            {
                for (var sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
                }
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The line was cut, or an end is gone.
        }
    }
}
