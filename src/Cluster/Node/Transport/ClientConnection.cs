using System.IO.Pipelines;
using System.Net;

namespace Quorate.Node.Transport;

/// <summary>A connection that a client opened and that has passed the handshake. It is closed when its handler returns.</summary>
/// <param name="Name">What the client calls itself.</param>
public sealed record ClientConnection(string Name, EndPoint? Remote, IDuplexPipe Pipe);

/// <summary>Both directions of a stream.</summary>
internal sealed class StreamPipe(Stream stream) : IDuplexPipe
{
    public PipeReader Input { get; } = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));

    public PipeWriter Output { get; } = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
}
