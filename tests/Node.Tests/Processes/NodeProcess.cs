using System.Diagnostics;
using System.Text;

namespace Quorate.Node.Tests.Processes;

/// <summary>One <c>quorate-node</c>, as an operator would run it.</summary>
internal sealed class NodeProcess : IDisposable
{
    private static readonly TimeSpan ExitDeadline = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    private NodeProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Append(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(_errors, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Output => Read(_output);

    public string Errors => Read(_errors);

    public static NodeProcess Start(params IEnumerable<string> arguments) => Start(new Dictionary<string, string?>(), arguments);

    public static NodeProcess Start(IReadOnlyDictionary<string, string?> environment, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "quorate-node.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new NodeProcess(new Process { StartInfo = start });
    }

    /// <summary>Runs to its end; the exit code.</summary>
    public static int Run(out string output, out string errors, params IEnumerable<string> arguments)
    {
        using var process = Start(arguments);
        var exitCode = process.AwaitExit();
        (output, errors) = (process.Output, process.Errors);
        return exitCode;
    }

    public int AwaitExit()
    {
        Assert.True(_process.WaitForExit(ExitDeadline), $"the process ends; it said: {Output}{Errors}");
        _process.WaitForExit();
        return _process.ExitCode;
    }

    /// <summary>As a power failure: SIGKILL.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>As an operator or a container runtime: SIGTERM.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }

    private static void Append(StringBuilder text, string? line)
    {
        lock (text)
        {
            text.AppendLine(line);
        }
    }

    private static string Read(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString().Trim();
        }
    }
}
