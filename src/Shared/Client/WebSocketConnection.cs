using System.Buffers;
using System.IO.Pipelines;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;

namespace Quorate.Client;

/// <summary>A WebSocket as the duplex pipe that SignalR reads and writes; two pumps move the bytes.</summary>
internal sealed class WebSocketConnection : ConnectionContext
{
    private const int ReceiveBufferBytes = 16 * 1024;

    private readonly ClientWebSocket _socket;
    private readonly CancellationTokenSource _closed = new();
    private readonly IDuplexPipe _inner;
    private readonly Task _pumps;

    public WebSocketConnection(ClientWebSocket socket)
    {
        _socket = socket;
        ConnectionId = Guid.NewGuid().ToString("N");
        ConnectionClosed = _closed.Token;
        var received = new Pipe();
        var sending = new Pipe();
        Transport = new DuplexPipe(received.Reader, sending.Writer);
        _inner = new DuplexPipe(sending.Reader, received.Writer);
        _pumps = Task.WhenAll(ReceiveAsync(), SendAsync());
    }

    public override string ConnectionId { get; set; }

    public override IFeatureCollection Features { get; } = new FeatureCollection();

    public override IDictionary<object, object?> Items { get; set; } = new ConnectionItems();

    public override IDuplexPipe Transport { get; set; }

    public override void Abort(ConnectionAbortedException abortReason) => _socket.Abort();

    public override async ValueTask DisposeAsync()
    {
        await Transport.Output.CompleteAsync();
        await Transport.Input.CompleteAsync();
        await _closed.CancelAsync();
        await _pumps;
        _socket.Dispose();
    }

    private async Task ReceiveAsync()
    {
        Exception? failure = null;
        try
        {
            while (true)
            {
                var result = await _socket.ReceiveAsync(_inner.Output.GetMemory(ReceiveBufferBytes), _closed.Token);
                if (result.MessageType == WebSocketMessageType.Close)
                {
                    break;
                }

                _inner.Output.Advance(result.Count);
                if ((await _inner.Output.FlushAsync(_closed.Token)).IsCompleted)
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed: the reader is gone already.
        }
        catch (WebSocketException exception)
        {
            failure = exception;
        }

        await _inner.Output.CompleteAsync(failure);
    }

    private async Task SendAsync()
    {
        try
        {
            while (true)
            {
                var result = await _inner.Input.ReadAsync();
                foreach (var segment in result.Buffer)
                {
                    await _socket.SendAsync(segment, WebSocketMessageType.Text, endOfMessage: true, _closed.Token);
                }

                _inner.Input.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                {
                    break;
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException)
        {
            // The receiving side reports why the connection ended.
        }

        await _inner.Input.CompleteAsync();
    }

    private sealed record DuplexPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
