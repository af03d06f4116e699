using System.Runtime.InteropServices;

namespace Quorate.Node.Hosting;

/// <summary>Work that may take its time. .NET's thread priorities mean nothing on Linux; there the thread's nice value does.</summary>
internal static partial class BackgroundWork
{
    private const int ThisThread = 0;
    private const int Nice = 10;

    /// <summary>Lets every other thread of the machine go before the calling one. Refused nowhere, and of no consequence if it were.</summary>
    public static void StepBack()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SetPriority(ThisThread, 0, Nice);
        }
        else
        {
            Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
        }
    }

    // On Linux PRIO_PROCESS with 0 is the calling thread.
    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int priority);
}
