using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Quorate.Soak.Network;

/// <summary>
/// A TCP proxy for the connections that one process makes to another. What the callee sends on such a connection goes the same way, but
/// nodes answer each other on connections of their own: disturbing one link disturbs one direction.
/// <code>
///   cut      connections are reset, new ones too         a cable is pulled and the switch says so
///   stalled  connections live, nothing comes through     a firewall that drops; what was sent arrives after healing
///   delayed  every piece waits                           a long way
/// </code>
/// </summary>
internal sealed class Link : IDisposable
{
    private const int BufferBytes = 64 << 10;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, bool> _sockets = [];
    private readonly CancellationTokenSource _closed = new();
    private readonly IPEndPoint _target;
    private readonly Task _accepting;
    private readonly Lock _gate = new();

    private TaskCompletionSource _passes = Opened();
    private volatile bool _cut;
    private long _delayMs;

    /// <param name="port">Where the callee listens on loopback.</param>
    public Link(string from, string to, int port)
    {
        (From, To) = (from, to);
        _target = new IPEndPoint(IPAddress.Loopback, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string From { get; }

    public string To { get; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Cut()
    {
        _cut = true;
        foreach (var socket in _sockets.Keys)
        {
            socket.Dispose();
        }
    }

    public void Stall()
    {
        lock (_gate)
        {
            if (_passes.Task.IsCompleted)
            {
                _passes = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }

    public void Delay(TimeSpan delay) => Interlocked.Exchange(ref _delayMs, (long)delay.TotalMilliseconds);

    public void Heal()
    {
        _cut = false;
        Delay(TimeSpan.Zero);
        lock (_gate)
        {
            _passes.TrySetResult();
        }
    }

    public void Dispose()
    {
        _closed.Cancel();
        _listener.Dispose();
        Cut();
        Heal();
        _accepting.GetAwaiter().GetResult();
        _closed.Dispose();
    }

    private static TaskCompletionSource Opened()
    {
        var opened = new TaskCompletionSource();
        opened.SetResult();
        return opened;
    }

    private async Task AcceptAsync()
    {
        while (!_closed.IsCancellationRequested)
        {
            try
            {
                var near = await _listener.AcceptSocketAsync(_closed.Token);
                _ = ServeAsync(near);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // The caller has hung up before it was accepted.
            }
        }
    }

    private async Task ServeAsync(Socket near)
    {
        using var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using (near)
        {
            try
            {
                near.NoDelay = far.NoDelay = true;
                _sockets[near] = _sockets[far] = true;
                if (_cut)
                {
                    near.Close(timeout: 0);
                    return;
                }

                await far.ConnectAsync(_target);
                await await Task.WhenAny(PumpAsync(near, far), PumpAsync(far, near));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // One end is gone, so the other is let go as well.
            }
            finally
            {
                _sockets.TryRemove(near, out _);
                _sockets.TryRemove(far, out _);
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[BufferBytes];
        while (await from.ReceiveAsync(buffer) is > 0 and var read)
        {
            await Passes();
            if (Interlocked.Read(ref _delayMs) is > 0 and var delay)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(delay));
            }

            for (var sent = 0; sent < read;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
            }
        }
    }

    private Task Passes()
    {
        lock (_gate)
        {
            return _passes.Task;
        }
    }
}
