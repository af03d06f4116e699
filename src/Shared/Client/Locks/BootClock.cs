using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Quorate.Client;

/// <summary>
/// Elapsed time that also counts while the machine sleeps. A lock's time to live goes on at the servers meanwhile, so its holder
/// must not measure with a clock that stands still.
/// </summary>
/// <remarks>
/// On Linux, CLOCK_BOOTTIME: unlike CLOCK_MONOTONIC, which <see cref="System.Diagnostics.Stopwatch"/> uses, it includes time in
/// suspend; neither is ever set, and both go on while a process is stopped. Elsewhere the system's own timestamp, which on Windows
/// includes sleep as well. A virtual machine that is frozen from outside may see neither clock move: that is what fencing tokens are for.
/// </remarks>
public sealed class BootClock : TimeProvider
{
    private const int ClockBootTime = 7;
    private const long NanosecondsPerSecond = 1_000_000_000;

    public static readonly TimeProvider Instance = OperatingSystem.IsLinux() ? new BootClock() : System;

    private BootClock()
    {
    }

    public override long TimestampFrequency => NanosecondsPerSecond;

    public override long GetTimestamp() => ReadClock(ClockBootTime, out var time) == 0
        ? (time.Seconds * NanosecondsPerSecond) + time.Nanoseconds
        : throw new Win32Exception(Marshal.GetLastPInvokeError(), "CLOCK_BOOTTIME cannot be read");

    [DllImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    private static extern int ReadClock(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
