using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Quorate.Node.Transport;

/// <summary>Sends and receives on a blocking socket without waiting, which .NET does not offer: <c>MSG_DONTWAIT</c>.</summary>
internal static partial class DirectSocket
{
    private const int DontWait = 0x40;
    private const int NoSignal = 0x4000;
    private const int Interrupted = 4;
    private const int WouldBlock = 11;

    /// <summary>Elsewhere the constants differ; there a thread waits for the socket.</summary>
    public static bool IsSupported { get; } = OperatingSystem.IsLinux();

    /// <returns>How many bytes the socket took; fewer than all when its buffer is full.</returns>
    /// <exception cref="IOException">The connection is broken.</exception>
    /// <exception cref="ObjectDisposedException">The socket was closed here.</exception>
    public static int TrySend(Socket socket, ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            var sent = Send(socket.SafeHandle, bytes, (nuint)bytes.Length, DontWait | NoSignal);
            if (sent >= 0)
            {
                return (int)sent;
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case Interrupted:
                    continue;
                case WouldBlock:
                    return 0;
                case var error:
                    throw new IOException($"the connection broke: {Marshal.GetPInvokeErrorMessage(error)}");
            }
        }
    }

    /// <returns>How many bytes had arrived; 0 when there were none, also when the connection has ended, which a waiting read then tells.</returns>
    public static int TryReceive(Socket socket, Span<byte> bytes) =>
        (int)nint.Max(0, Receive(socket.SafeHandle, bytes, (nuint)bytes.Length, DontWait));

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint Send(SafeSocketHandle socket, ReadOnlySpan<byte> bytes, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint Receive(SafeSocketHandle socket, Span<byte> bytes, nuint length, int flags);
}
