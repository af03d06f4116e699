using Quorate.Simulation.Checking;
using Quorate.Simulation.Cli;
using Quorate.Simulation.Histories;

namespace Quorate.Simulation.Tests.Checking;

/// <summary>Recorded histories whose verdicts are known, kept outside of the repository.</summary>
public class KnownHistoriesTests
{
    private const long MaxSteps = 5_000_000;

    [KnownHistoriesFact]
    public void Check_KnownHistories_AnswersEachAsKnown()
    {
        var folder = KnownHistories.Folder ?? throw new DirectoryNotFoundException(KnownHistories.Missing);
        var wrong = new List<string>();
        var checkedFiles = 0;
        foreach (var line in File.ReadLines(Path.Combine(folder, "verdicts.tsv")))
        {
            var (file, expected) = line.Split('\t') is [var name, var verdict] ? (name, verdict) : throw new FormatException(line);
            var model = file.StartsWith("kv/", StringComparison.Ordinal) ? "kv" : "register";
            var actual = HistoryFile.Check(Path.Combine(folder, file), model, new CheckBudget(MaxSteps));
            checkedFiles++;
            if (CheckHistoryCommand.NameOf(actual) != expected)
            {
                wrong.Add($"{file}: {actual}, known to be {expected}");
            }
        }

        Assert.Empty(wrong);
        Assert.True(checkedFiles > 0, "no history was found");
    }
}

/// <summary>Where the histories are: named by QUORATE_HISTORIES, or in shared/linearizability of a folder above this assembly.</summary>
internal static class KnownHistories
{
    public const string Variable = "QUORATE_HISTORIES";

    public const string Missing = $"no folder shared/linearizability above the tests; {Variable} can name it";

    public static string? Folder { get; } = Find();

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            return named;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "linearizability");
            if (File.Exists(Path.Combine(candidate, "verdicts.tsv")))
            {
                return candidate;
            }
        }

        return null;
    }
}

/// <summary>Skipped where the histories are missing, except in CI, where that is a failure.</summary>
internal sealed class KnownHistoriesFactAttribute : FactAttribute
{
    public KnownHistoriesFactAttribute()
    {
        if (KnownHistories.Folder is null && Environment.GetEnvironmentVariable("CI") != "true")
        {
            Skip = KnownHistories.Missing;
        }
    }
}
