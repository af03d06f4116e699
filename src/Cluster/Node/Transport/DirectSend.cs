using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Quorate.Node.Transport;

/// <summary>Sends on a blocking socket without waiting, which .NET does not offer: <c>send</c> with <c>MSG_DONTWAIT</c>.</summary>
internal static partial class DirectSend
{
    private const int DontWait = 0x40;
    private const int NoSignal = 0x4000;
    private const int Interrupted = 4;
    private const int WouldBlock = 11;

    /// <summary>Elsewhere the constants differ, and what there is to send goes through a thread.</summary>
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

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint Send(SafeSocketHandle socket, ReadOnlySpan<byte> bytes, nuint length, int flags);
}
