using System.Diagnostics;
using System.Globalization;

namespace Quorate.Bench.Load;

/// <summary>Runs h2load: one thread, one request at a time on each connection, HTTP/2 without TLS.</summary>
internal static class H2Load
{
    /// <exception cref="BenchException">h2load itself failed.</exception>
    public static async Task<H2LoadResult> RunAsync(LoadRequest request, int connections, int seconds, CancellationToken cancel)
    {
        var start = new ProcessStartInfo("h2load") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] fixedArguments =
        [
            "-t", "1", "-m", "1",
            "-c", connections.ToString(CultureInfo.InvariantCulture),
            "-D", seconds.ToString(CultureInfo.InvariantCulture),
        ];
        foreach (var argument in fixedArguments.Concat(request.Headers.SelectMany(header => (string[])["-H", header])))
        {
            start.ArgumentList.Add(argument);
        }

        if (request.BodyFile is { } body)
        {
            start.ArgumentList.Add("-d");
            start.ArgumentList.Add(body);
        }

        start.ArgumentList.Add(request.Url.AbsoluteUri);
        using var process = Process.Start(start) ?? throw new BenchException("h2load did not start");
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        var errors = process.StandardError.ReadToEndAsync(cancel);
        try
        {
            await process.WaitForExitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }

        return process.ExitCode == 0
            ? H2LoadResult.Parse(await output)
            : throw new BenchException($"h2load failed with exit code {process.ExitCode}: {(await errors).Trim()}");
    }
}
