using System.Diagnostics;

namespace Quorate.Fencing.Tests.Servers;

/// <summary>Programs of a real server. Where they are missing its tests are skipped, except with <c>CI=true</c>, where they fail.</summary>
internal static class ServerProgram
{
    /// <summary>Debian keeps PostgreSQL's own programs out of the path.</summary>
    private static readonly IEnumerable<string> Folders =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Concat(Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => version + "/bin") : []);

    public static string? Find(string name) => Folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    public static string? WhyMissing(string name) =>
        Find(name) is null && Environment.GetEnvironmentVariable("CI") != "true" ? $"{name} is not installed" : null;

    public static Process Start(string name, params string[] arguments) => Process.Start(
        new ProcessStartInfo(Find(name) ?? throw new FileNotFoundException($"{name} is not installed, and these tests need it"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    /// <summary>Runs a program to its end.</summary>
    public static async Task RunAsync(string name, params string[] arguments)
    {
        using var process = Start(name, arguments);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{name} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await output}{await errors}");
        }
    }
}

/// <summary>A test that needs a program on this machine.</summary>
internal sealed class ServerFactAttribute : FactAttribute
{
    public ServerFactAttribute(string program) => Skip = ServerProgram.WhyMissing(program);
}
