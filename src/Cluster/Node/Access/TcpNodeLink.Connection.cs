using System.Net.Sockets;
using Quorate.Node.Diagnostics;
using Quorate.Node.Hosting;
using Quorate.Node.Transport;

namespace Quorate.Node.Access;

public sealed partial class TcpNodeLink
{
    private static readonly TimeSpan JoinTimeout = TimeSpan.FromSeconds(2);

    private readonly TlsStreams? _tls;
    private Socket? _socket;
    private bool _stopped;

    private void Run()
    {
        var backoff = _options.ReconnectMin;
        while (!IsStopped)
        {
            try
            {
                using var stream = Connect();
                backoff = _options.ReconnectMin;
                Serve(stream);
            }
            catch (Exception e)
            {
                // The top of a thread: whatever went wrong with this connection, the next is tried.
                Report(e.Message);
            }

            WaitBeforeRetry(backoff / 2 + backoff / 2 * Random.Shared.NextDouble());
            backoff = backoff * 2 < _options.ReconnectMax ? backoff * 2 : _options.ReconnectMax;
        }
    }

    private Stream Connect()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        lock (_gate)
        {
            _socket = socket;
            if (_stopped)
            {
                socket.Dispose();
            }
        }

        try
        {
            // On Linux the send timeout bounds connecting as well.
            socket.SendTimeout = socket.ReceiveTimeout = (int)_options.HandshakeTimeout.TotalMilliseconds;
            socket.Connect(_address);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (_tls is not null)
            {
                stream = _tls.Dial(stream, _address);
            }

            Handshake.Dial(stream, ConnectionPurpose.Client, _options.Client, Id, _options.Secret);
            socket.SendTimeout = socket.ReceiveTimeout = (int)ClientProtocol.SilenceLimit.TotalMilliseconds;
            return stream;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void Serve(Stream stream)
    {
        var output = new TcpLinkOutput(stream, _tls is null ? _socket : null, $"link {Id} send", _options.QueuedRequestBytes, CloseSocket);
        output.TryWrite(new ClientRequest.Hello(ClientProtocol.Version));
        output.Flush();
        try
        {
            var frames = new FrameReader(stream, ClientProtocol.MaxReplyBytes, _tls is null ? _socket : null);
            if (ReadReply(frames) is not ClientReply.Welcome { Version: ClientProtocol.Version })
            {
                throw new FormatException("the node speaks another version of the client protocol");
            }

            LastError = null;
            LinkLog.Connected(_logger, Id, Address);
            lock (_gate)
            {
                _output = output;
            }

            while (ReadReply(frames) is { } reply)
            {
                Handle(reply, frames);
            }

            throw new EndOfStreamException("the node closed the connection");
        }
        finally
        {
            output.Close();
            Down();
        }
    }

    private static ClientReply? ReadReply(FrameReader frames) =>
        frames.Read() is { } frame ? ClientReplyCodec.Read(frame) : null;

    private void Down()
    {
        TaskCompletionSource<bool>[] unanswered;
        lock (_gate)
        {
            _output = null;
            _following = false;
            unanswered = [.. _questions.Values];
        }

        foreach (var question in unanswered)
        {
            question.TrySetResult(false);
        }

        var wasUp = _status is { Failure: null };
        _status = null;
        if (wasUp)
        {
            _events?.OnDown(this);
        }
    }

    private void Report(string error)
    {
        if (!IsStopped && LastError != error)
        {
            LastError = error;
            LinkLog.Down(_logger, Id, Address, error);
        }
    }

    private void WaitBeforeRetry(TimeSpan delay)
    {
        lock (_gate)
        {
            if (!_stopped)
            {
                Monitor.Wait(_gate, delay);
            }
        }
    }

    private bool IsStopped
    {
        get
        {
            lock (_gate)
            {
                return _stopped;
            }
        }
    }

    private void Stop()
    {
        lock (_gate)
        {
            _stopped = true;
            _socket?.Dispose();
            Monitor.PulseAll(_gate);
        }
    }

    private void CloseSocket()
    {
        lock (_gate)
        {
            _socket?.Dispose();
        }
    }
}
