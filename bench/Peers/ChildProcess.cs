using System.Diagnostics;

namespace Quorate.Bench.Peers;

/// <summary>A server that this program started, and that it alone ends.</summary>
internal sealed class ChildProcess : IDisposable
{
    private const int TailLines = 20;
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly Queue<string> _tail = new();

    public ChildProcess(string name, string file, string workingDirectory, params IEnumerable<string> arguments)
        : this(name, file, workingDirectory, new Dictionary<string, string>(), arguments)
    {
    }

    /// <param name="environment">What the process needs beyond what this one has.</param>
    public ChildProcess(
        string name, string file, string workingDirectory, IReadOnlyDictionary<string, string> environment, params IEnumerable<string> arguments)
    {
        Name = name;
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // What a shell or a service manager says about another installation must not configure this one.
        foreach (var variable in start.Environment.Keys.Where(IsForeign).ToList())
        {
            start.Environment.Remove(variable);
        }

        foreach (var (variable, value) in environment)
        {
            start.Environment[variable] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Remember(line.Data);
        _process.ErrorDataReceived += (_, line) => Remember(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Name { get; }

    public int Id => _process.Id;

    /// <exception cref="BenchException">The process has ended by itself.</exception>
    public void EnsureRuns()
    {
        if (_process.HasExited)
        {
            throw new BenchException($"{Name} has ended with exit code {_process.ExitCode}:\n{Tail}");
        }
    }

    /// <summary>SIGKILL; returns when the process is gone.</summary>
    public void Kill()
    {
        _process.Kill();
        if (!_process.WaitForExit(KillLimit))
        {
            throw new BenchException($"{Name} (process {Id}) does not end although killed");
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }

    private string Tail
    {
        get
        {
            lock (_tail)
            {
                return string.Join('\n', _tail);
            }
        }
    }

    private static bool IsForeign(string variable) => variable.StartsWith("ETCD_", StringComparison.Ordinal)
        || variable.StartsWith("RABBITMQ_", StringComparison.Ordinal)
        || variable.StartsWith("ERL_", StringComparison.Ordinal)
        || variable.StartsWith("ASPNETCORE_", StringComparison.Ordinal)
        || variable.StartsWith("Cluster__", StringComparison.OrdinalIgnoreCase)
        || variable.StartsWith("Gateway__", StringComparison.OrdinalIgnoreCase)
        || variable is "URLS" or "QUORATE_SECRET";

    private void Remember(string? line)
    {
        lock (_tail)
        {
            if (line is not null)
            {
                _tail.Enqueue(line);
            }

            while (_tail.Count > TailLines)
            {
                _tail.Dequeue();
            }
        }
    }
}
