using System.Net;
using System.Net.Sockets;

namespace Quorate.Node.Transport;

/// <summary>A connection that a client opened and that has passed the handshake. It is closed when its handler returns.</summary>
/// <param name="Name">What the client calls itself.</param>
/// <param name="Direct">The socket under the stream when nothing is between them; null on an encrypted connection.</param>
public sealed record ClientConnection(string Name, EndPoint? Remote, Stream Stream, Socket? Direct);
