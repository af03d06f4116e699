using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Quorate.Core.Raft;
using Quorate.Core.StateMachine.Blobs;
using Quorate.Node.Access;
using Quorate.Node.Transport;

namespace Quorate.Node.Blobs;

/// <summary>The chunks of a node elsewhere, over a few connections of their own, made when they are needed.</summary>
public sealed class RemoteChunks : IChunkReplica, IDisposable
{
    /// <summary>Requests under way at once; more wait.</summary>
    private const int MaxConnections = 4;

    private readonly NodeId _node;
    private readonly EndPoint _address;
    private readonly TcpNodeLinkOptions _options;
    private readonly TlsStreams? _tls;
    private readonly ConcurrentStack<Stream> _idle = new();
    private readonly SemaphoreSlim _turns = new(MaxConnections);
    private volatile bool _disposed;

    /// <exception cref="TransportException">The TLS files cannot be used.</exception>
    public RemoteChunks(NodeId node, EndPoint address, TcpNodeLinkOptions options)
    {
        (_node, _address, _options) = (node, address, options);
        _tls = options.Tls is null ? null : new TlsStreams(options.Tls);
    }

    public string Name => _node.Value;

    public async Task<bool[]> HasAsync(IReadOnlyList<Digest> chunks, CancellationToken cancel)
    {
        var answers = new List<bool>(chunks.Count);
        foreach (var part in chunks.Chunk(ChunkProtocol.MaxAsked))
        {
            var (_, content) = await AskAsync(ChunkProtocol.Kind.Has, ChunkList.Of(part).Packed, default, null, cancel);
            answers.AddRange(content.Length == part.Length
                ? content.ToArray().Select(flag => flag == 1)
                : throw new ChunkSourceException($"node {Name} answered {content.Length} of {part.Length} questions"));
        }

        return [.. answers];
    }

    public async Task<int?> FetchAsync(Digest chunk, Memory<byte> buffer, CancellationToken cancel)
    {
        var (answer, content) = await AskAsync(ChunkProtocol.Kind.Fetch, chunk.ToArray(), default, buffer, cancel);
        if (answer == ChunkProtocol.Answer.Missing)
        {
            return null;
        }

        return ChunkStore.DigestOf(content.Span) == chunk
            ? content.Length
            : throw new ChunkSourceException($"chunk {chunk} of node {Name} was damaged on its way");
    }

    public async Task StoreAsync(Digest chunk, ReadOnlyMemory<byte> data, CancellationToken cancel) =>
        await AskAsync(ChunkProtocol.Kind.Store, chunk.ToArray(), data, null, cancel);

    public async Task<ChunkStatus> StatusAsync(CancellationToken cancel) =>
        ChunkProtocol.DecodeStatus((await AskAsync(ChunkProtocol.Kind.Status, default, default, null, cancel)).Content.Span);

    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryPop(out var stream))
        {
            stream.Dispose();
        }

        _tls?.Dispose();
    }

    /// <param name="buffer">For the content of the answer; null: one of its own.</param>
    private async Task<(ChunkProtocol.Answer Answer, ReadOnlyMemory<byte> Content)> AskAsync(
        ChunkProtocol.Kind kind, ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> data, Memory<byte>? buffer, CancellationToken cancel)
    {
        await _turns.WaitAsync(cancel);
        Stream? stream = null;
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            limit.CancelAfter(ChunkProtocol.SilenceLimit);
            if (_idle.TryPop(out stream))
            {
                try
                {
                    return Checked(await ExchangeAsync(stream, kind, head, data, buffer, limit.Token));
                }
                catch (Exception error) when (error is IOException or ObjectDisposedException)
                {
                    // The node may have been started anew since: every request can be made again.
                    stream.Dispose();
                    stream = null;
                }
            }

            stream = await Task.Run(Connect, limit.Token);
            return Checked(await ExchangeAsync(stream, kind, head, data, buffer, limit.Token));
        }
        catch (Exception error) when (error is IOException or SocketException or HandshakeException or FormatException or ObjectDisposedException
            || (error is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            stream?.Dispose();
            stream = null;
            throw new ChunkSourceException($"no chunks from or to node {Name}: {error.Message}", error);
        }
        catch (OperationCanceledException)
        {
            // In the middle of something: nobody could use the connection.
            stream?.Dispose();
            stream = null;
            throw;
        }
        finally
        {
            if (stream is not null)
            {
                Keep(stream);
            }

            _turns.Release();
        }
    }

    private static async Task<(ChunkProtocol.Answer Answer, ReadOnlyMemory<byte> Content)> ExchangeAsync(
        Stream stream, ChunkProtocol.Kind kind, ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> data, Memory<byte>? buffer, CancellationToken cancel)
    {
        var request = new byte[ChunkProtocol.HeaderBytes + head.Length];
        ChunkProtocol.WriteHeader(request, (byte)kind, head.Length + data.Length);
        head.CopyTo(request.AsMemory(ChunkProtocol.HeaderBytes));
        await stream.WriteAsync(request, cancel);
        if (data.Length > 0)
        {
            await stream.WriteAsync(data, cancel);
        }

        var header = new byte[ChunkProtocol.HeaderBytes];
        await stream.ReadExactlyAsync(header, cancel);
        var (answer, length) = ChunkProtocol.ReadHeader(header);
        if (length > buffer?.Length)
        {
            throw new FormatException($"an answer of {length} bytes where {buffer.Value.Length} are the most");
        }

        var content = (buffer ?? new byte[length])[..length];
        await stream.ReadExactlyAsync(content, cancel);
        return ((ChunkProtocol.Answer)answer, content);
    }

    private (ChunkProtocol.Answer Answer, ReadOnlyMemory<byte> Content) Checked((ChunkProtocol.Answer Answer, ReadOnlyMemory<byte> Content) reply) => reply.Answer switch
    {
        ChunkProtocol.Answer.Done or ChunkProtocol.Answer.Missing => reply,
        ChunkProtocol.Answer.DiskFull => throw new ChunkSourceException($"the disk of node {Name} is full", diskFull: true),
        ChunkProtocol.Answer.WrongDigest => throw new ChunkSourceException($"a chunk was damaged on its way to node {Name}"),
        _ => throw new ChunkSourceException($"node {Name} cannot store a chunk: {Encoding.UTF8.GetString(reply.Content.Span)}"),
    };

    private Stream Connect()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.SendTimeout = socket.ReceiveTimeout = (int)_options.HandshakeTimeout.TotalMilliseconds;
            socket.Connect(_address);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (_tls is not null)
            {
                stream = _tls.Dial(stream, _address);
            }

            Handshake.Dial(stream, ConnectionPurpose.Chunks, _options.Client, _node, _options.Secret);
            return stream;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void Keep(Stream stream)
    {
        _idle.Push(stream);
        if (_disposed && _idle.TryPop(out var late))
        {
            late.Dispose();
        }
    }
}
