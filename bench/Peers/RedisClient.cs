using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Quorate.Bench.Peers;

/// <summary>One connection to a Redis server: commands sent together, answers read in their order. RESP2, simple and bulk answers only.</summary>
internal sealed class RedisClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _buffer = new byte[64 << 10];
    private int _start;
    private int _end;

    public static async Task<RedisClient> ConnectAsync(int port, CancellationToken cancel)
    {
        var client = new RedisClient();
        try
        {
            await client._socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancel);
            return client;
        }
        catch (SocketException error)
        {
            client.Dispose();
            throw new BenchException($"redis-server does not listen on port {port}: {error.Message}");
        }
    }

    public static byte[] Encode(params IEnumerable<string[]> commands)
    {
        var text = new StringBuilder();
        foreach (var words in commands)
        {
            text.Append(CultureInfo.InvariantCulture, $"*{words.Length}\r\n");
            foreach (var word in words)
            {
                text.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n");
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>One command and its answer; null for a value that is not there.</summary>
    /// <exception cref="BenchException">The server refused.</exception>
    public async Task<string?> AskAsync(CancellationToken cancel, params string[] words)
    {
        string? answer = null;
        await SendAsync(Encode(words), 1, text => answer = text, cancel);
        return answer;
    }

    /// <summary>Sends commands together, and reads that many answers.</summary>
    /// <exception cref="BenchException">The server refused one.</exception>
    public async Task SendAsync(byte[] commands, int count, Action<string?> answered, CancellationToken cancel)
    {
        for (var sent = 0; sent < commands.Length;)
        {
            sent += await _socket.SendAsync(commands.AsMemory(sent), cancel);
        }

        for (var i = 0; i < count; i++)
        {
            var line = await LineAsync(cancel);
            answered(line[0] switch
            {
                '+' or ':' => line[1..],
                '$' when line == "$-1" => null,
                '$' => await BulkAsync(int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture), cancel),
                _ => throw new BenchException($"redis-server answered {line}"),
            });
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task<string> LineAsync(CancellationToken cancel)
    {
        int length;
        while ((length = _buffer.AsSpan(_start, _end - _start).IndexOf("\r\n"u8)) < 0)
        {
            await FillAsync(cancel);
        }

        var line = Encoding.UTF8.GetString(_buffer, _start, length);
        _start += length + 2;
        return line;
    }

    private async Task<string> BulkAsync(int length, CancellationToken cancel)
    {
        while (_end - _start < length + 2)
        {
            await FillAsync(cancel);
        }

        var text = Encoding.UTF8.GetString(_buffer, _start, length);
        _start += length + 2;
        return text;
    }

    private async Task FillAsync(CancellationToken cancel)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }

        var count = await _socket.ReceiveAsync(_buffer.AsMemory(_end), cancel);
        _end += count > 0 ? count : throw new BenchException("redis-server has closed the connection");
    }
}
