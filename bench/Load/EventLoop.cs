using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Quorate.Bench.Load;

/// <summary>
/// Drives many clients on the thread that calls it: waits for whichever sockets have something to read (epoll) and lets their clients go
/// on. No thread pool, no tasks: the generator shares two cores with what it measures.
/// </summary>
internal static partial class EventLoop
{
    private const int ControlAdd = 1;
    private const int Readable = 1;
    private const int MaxEvents = 256;
    private const int TickMs = 100;

    /// <summary>Only on x64 the kernel packs the struct: 4 bytes of events, then 8 of data.</summary>
    private static readonly int EventBytes = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(20);

    /// <summary>Runs all clients for a while, then lets each end what it has begun.</summary>
    /// <param name="clients">Connected and idle; idle again afterwards.</param>
    /// <param name="most">The end comes earlier once so much has been done; null: no limit.</param>
    /// <exception cref="BenchException">A client got an answer that it must not get, or none at all.</exception>
    public static unsafe LoadResult Run(IReadOnlyList<LoadClient> clients, TimeSpan duration, CancellationToken cancel, long? most = null)
    {
        using var epoll = new SafeSocketHandle(Check(EpollCreate(0)), ownsHandle: true);
        var buffer = stackalloc byte[MaxEvents * EventBytes];
        for (var i = 0; i < clients.Count; i++)
        {
            *(int*)buffer = Readable;
            *(long*)(buffer + EventBytes - 8) = i;
            _ = Check(EpollControl((int)epoll.DangerousGetHandle(), ControlAdd, (int)clients[i].Socket.Handle, buffer));
        }

        var run = new LoadRun(clients.Count, duration, most);
        foreach (var client in clients)
        {
            client.Begin(run);
        }

        while (!run.IsOver || !clients.All(client => client.IsIdle))
        {
            cancel.ThrowIfCancellationRequested();
            if (run.Overtime > DrainLimit)
            {
                throw new BenchException($"{clients.Count(client => !client.IsIdle)} of {clients.Count} clients still wait for answers {DrainLimit.TotalSeconds:0} s after the end");
            }

            var ready = Check(EpollWait((int)epoll.DangerousGetHandle(), buffer, MaxEvents, TickMs));
            for (var i = 0; i < ready; i++)
            {
                clients[(int)*(long*)(buffer + ((i + 1) * EventBytes) - 8)].Receive();
            }
        }

        return run.Result();
    }

    private static int Check(int result) =>
        result >= 0 ? result : throw new BenchException($"epoll failed: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static unsafe partial int EpollControl(int epoll, int operation, int socket, byte* @event);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static unsafe partial int EpollWait(int epoll, byte* events, int most, int timeoutMs);
}
