using Quorate.Simulation.Checking;
using Quorate.Simulation.Histories;

namespace Quorate.Simulation.Cli;

/// <summary><c>check-history FILE --model register|kv</c>: prints the verdict, which the exit code repeats.</summary>
internal static class CheckHistoryCommand
{
    public const string Name = "check-history";

    public const string Usage = $"{Name} FILE --model register|kv";

    private const int MalformedCode = 3;
    private const long MaxSteps = 50_000_000;

    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(60);

    public static int Run(ReadOnlySpan<string> arguments, TextWriter output, TextWriter error)
    {
        if (arguments is not [var file, "--model", var model] || !HistoryFile.Models.Contains(model))
        {
            error.WriteLine($"usage: {Usage}");
            return ExitCodes.Usage;
        }

        try
        {
            var verdict = HistoryFile.Check(file, model, new CheckBudget(MaxSteps, MaxTime));
            output.WriteLine(NameOf(verdict));
            return (int)verdict;
        }
        catch (Exception e) when (e is HistoryFormatException or IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"{file}: {e.Message}");
            return MalformedCode;
        }
    }

    public static string NameOf(Verdict verdict) => verdict switch
    {
        Verdict.Linearizable => "linearizable",
        Verdict.NotLinearizable => "not-linearizable",
        _ => "unknown",
    };
}
