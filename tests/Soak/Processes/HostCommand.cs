using System.Diagnostics;

namespace Quorate.Soak.Processes;

/// <summary>Short commands of the operating system.</summary>
internal static class HostCommand
{
    /// <summary>Runs to its end; whether it succeeded.</summary>
    public static bool Run(string command, params string[] arguments)
    {
        var start = new ProcessStartInfo(command, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;

        // A few lines at most, which the pipes hold.
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
