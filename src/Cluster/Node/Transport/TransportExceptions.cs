using System.Security.Authentication;

namespace Quorate.Node.Transport;

/// <summary>The transport cannot start. The message is one line that says what to do.</summary>
public sealed class TransportException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The other end of a connection is not who it should be, or does not speak this protocol.</summary>
public sealed class HandshakeException(string message) : IOException(message);

internal static class Reasons
{
    /// <summary>Why a connection ended, in one line: TLS hides what happened one level deeper.</summary>
    public static string ReasonOf(this Exception cause) =>
        (cause is AuthenticationException { InnerException: { } inner } ? inner : cause).Message.ReplaceLineEndings(" ");
}
