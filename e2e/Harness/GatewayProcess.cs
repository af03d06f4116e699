using System.Diagnostics;
using System.Text;

namespace Quorate.EndToEnd.Harness;

/// <summary>One run of the gateway's executable, from start to exit.</summary>
internal sealed class GatewayProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    private GatewayProcess(Process process) => _process = process;

    public string Output => Text(_output);

    public string Errors => Text(_errors);

    /// <summary>Starts it in a directory of its own, so that no settings file of the repository takes part.</summary>
    public static GatewayProcess Start(string workingDirectory, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Paths.GatewayAssembly, .. arguments])
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        var process = new Process { StartInfo = start };
        var gateway = new GatewayProcess(process);
        process.OutputDataReceived += (_, line) => gateway.Append(gateway._output, line.Data);
        process.ErrorDataReceived += (_, line) => gateway.Append(gateway._errors, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return gateway;
    }

    /// <summary>Waits until the process says where its console is: <c>console  URL</c>.</summary>
    public async Task<Uri> ConsoleAddressAsync()
    {
        const string Label = "console  ";
        var end = DateTime.UtcNow + Deadlines.ProcessStart;
        while (true)
        {
            var line = Output.Split('\n').FirstOrDefault(line => line.TrimStart().StartsWith(Label, StringComparison.Ordinal));
            if (line is not null)
            {
                return new Uri(line.Trim()[Label.Length..]);
            }

            Assert.False(_process.HasExited, $"The gateway ended with code {(_process.HasExited ? _process.ExitCode : 0)}: {Output}{Errors}");
            Assert.True(DateTime.UtcNow < end, $"The gateway did not say where its console is: {Output}{Errors}");
            await Task.Delay(20);
        }
    }

    public async Task<int> ExitCodeAsync()
    {
        using var limit = new CancellationTokenSource(Deadlines.ProcessStart);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    /// <summary>As a power cut would: no handler runs.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP: connections stay open, nothing answers.</summary>
    public Task HangAsync() => SignalAsync("STOP");

    public Task WakeAsync() => SignalAsync("CONT");

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }

    private void Append(StringBuilder text, string? line)
    {
        if (line is not null)
        {
            lock (text)
            {
                text.Append(line).Append('\n');
            }
        }
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
