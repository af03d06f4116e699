using System.Text;
using Quorate.Core.StateMachine.Blobs;
using Quorate.Node.Hosting;
using Quorate.Node.Storage;
using Quorate.Node.Transport;

namespace Quorate.Node.Blobs;

/// <summary>Serves the chunks of a node over connections of their own, each on its thread.</summary>
/// <param name="refuses">Whether somebody of this name is not to be served any more.</param>
internal sealed class ChunkServer(ChunkStore store, Func<ChunkStatus> status, Func<string, bool> refuses)
{
    /// <summary>Serves one client until it goes.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    /// <exception cref="FormatException">The client broke the protocol.</exception>
    public void Serve(ClientConnection connection)
    {
        BackgroundWork.StepBack();
        var stream = connection.Stream;
        var body = new byte[ChunkProtocol.MaxBodyBytes];
        var answer = new byte[ChunkProtocol.HeaderBytes + BlobLimits.ChunkBytes];
        var header = new byte[ChunkProtocol.HeaderBytes];
        while (stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length && !refuses(connection.Name))
        {
            var (kind, length) = ChunkProtocol.ReadHeader(header);
            stream.ReadExactly(body, 0, length);
            var (result, size) = Handle((ChunkProtocol.Kind)kind, body.AsSpan(0, length), answer.AsSpan(ChunkProtocol.HeaderBytes));
            ChunkProtocol.WriteHeader(answer, (byte)result, size);
            stream.Write(answer, 0, ChunkProtocol.HeaderBytes + size);
        }
    }

    private (ChunkProtocol.Answer Answer, int Length) Handle(ChunkProtocol.Kind kind, ReadOnlySpan<byte> body, Span<byte> content)
    {
        switch (kind)
        {
            case ChunkProtocol.Kind.Store when body.Length >= Digest.Length:
                return Store(Digest.Read(body), body[Digest.Length..], content);
            case ChunkProtocol.Kind.Fetch when body.Length == Digest.Length:
                return store.Read(Digest.Read(body), content) is { } length ? (ChunkProtocol.Answer.Done, length) : (ChunkProtocol.Answer.Missing, 0);
            case ChunkProtocol.Kind.Has when body.Length % Digest.Length == 0 && body.Length <= ChunkProtocol.MaxAsked * Digest.Length:
                for (var i = 0; i < body.Length / Digest.Length; i++)
                {
                    content[i] = store.Touch(Digest.Read(body[(i * Digest.Length)..])) ? (byte)1 : (byte)0;
                }

                return (ChunkProtocol.Answer.Done, body.Length / Digest.Length);
            case ChunkProtocol.Kind.Status:
                var bytes = ChunkProtocol.Encode(status());
                bytes.CopyTo(content);
                return (ChunkProtocol.Answer.Done, bytes.Length);
            default:
                throw new FormatException($"request {(byte)kind} with {body.Length} bytes is not of this protocol");
        }
    }

    private (ChunkProtocol.Answer, int) Store(Digest chunk, ReadOnlySpan<byte> data, Span<byte> content)
    {
        if (ChunkStore.DigestOf(data) != chunk)
        {
            return (ChunkProtocol.Answer.WrongDigest, 0);
        }

        try
        {
            store.Store(chunk, data);
            return (ChunkProtocol.Answer.Done, 0);
        }
        catch (IOException error)
        {
            return DiskErrors.IsDiskFull(error)
                ? (ChunkProtocol.Answer.DiskFull, 0)
                : (ChunkProtocol.Answer.Failed, Encoding.UTF8.GetBytes(error.Message, content));
        }
    }
}
