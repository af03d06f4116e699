using System.Diagnostics;
using System.Globalization;

namespace Quorate.Soak.Processes;

/// <summary>A server that this program started, and that it alone ends. What it prints is appended to a file.</summary>
internal sealed class ChildProcess : IDisposable
{
    private const int TailLines = 12;
    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly StreamWriter _log;
    private readonly Queue<string> _tail = new();
    private readonly Action<string>? _line;

    /// <param name="line">Hears every line that the process prints.</param>
    public ChildProcess(string name, string file, string logFile, Action<string>? line, params IEnumerable<string> arguments)
    {
        Name = name;
        _line = line;
        _log = new StreamWriter(logFile, append: true) { AutoFlush = true };
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = Path.GetDirectoryName(logFile),

            // With all three the runtime leaves the terminal alone, which stops a process group in the background that touches it.
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // What a shell or a service manager says about another installation must not configure this one.
        foreach (var variable in start.Environment.Keys.Where(IsForeign).ToList())
        {
            start.Environment.Remove(variable);
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Name { get; }

    /// <summary>SIGSTOP has been sent, and no SIGCONT since.</summary>
    public bool IsPaused { get; private set; }

    /// <exception cref="SoakFailure">The process has ended by itself.</exception>
    public void EnsureRuns()
    {
        if (_process.HasExited)
        {
            throw new SoakFailure($"{Name} has ended by itself with exit code {_process.ExitCode}:\n{Tail()}");
        }
    }

    /// <summary>SIGKILL; returns when the process is gone.</summary>
    public void Kill()
    {
        _process.Kill();
        AwaitExit();
    }

    /// <summary>SIGTERM; returns the exit code.</summary>
    public int Terminate()
    {
        Signal("TERM");
        AwaitExit();
        return _process.ExitCode;
    }

    public void Pause()
    {
        Signal("STOP");
        IsPaused = true;
    }

    public void Resume()
    {
        Signal("CONT");
        IsPaused = false;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
        lock (_tail)
        {
            _log.Dispose();
        }
    }

    private static bool IsForeign(string variable) => variable.StartsWith("ASPNETCORE_", StringComparison.Ordinal)
        || variable.StartsWith("Cluster__", StringComparison.OrdinalIgnoreCase)
        || variable.StartsWith("Gateway__", StringComparison.OrdinalIgnoreCase)
        || variable is "URLS" or "QUORATE_SECRET";

    private void Signal(string signal)
    {
        HostCommand.Run("kill", $"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture));
    }

    private void AwaitExit()
    {
        if (!_process.WaitForExit(ExitLimit))
        {
            throw new SoakFailure($"{Name} (process {_process.Id}) does not end although it was told to");
        }
    }

    private string Tail()
    {
        lock (_tail)
        {
            return string.Join('\n', _tail);
        }
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_tail)
        {
            if (_log.BaseStream is not { CanWrite: true })
            {
                return;
            }

            _log.WriteLine(line);
            _tail.Enqueue(line);
            if (_tail.Count > TailLines)
            {
                _tail.Dequeue();
            }
        }

        _line?.Invoke(line);
    }
}
