using Quorate.Simulation.Checking;

namespace Quorate.Simulation.Histories;

/// <summary>Judges a history file.</summary>
internal static class HistoryFile
{
    /// <summary>Names of the models, as the command line takes them.</summary>
    public static readonly string[] Models = ["register", "kv"];

    /// <exception cref="HistoryFormatException">A line is malformed.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Verdict Check(string path, string model, CheckBudget budget) => model switch
    {
        "register" => LinearizabilityChecker.Check(new RegisterModel(), RegisterHistory.Parse(File.ReadLines(path)), budget),
        "kv" => CheckKeys(KvHistory.Parse(File.ReadLines(path)), budget),
        _ => throw new ArgumentException($"unknown model {model}"),
    };

    private static Verdict CheckKeys(IReadOnlyDictionary<string, List<Timed<AppendOperation>>> keys, CheckBudget budget)
    {
        var worst = Verdict.Linearizable;
        foreach (var history in keys.Values)
        {
            var verdict = LinearizabilityChecker.Check(new AppendModel(), history, budget);
            if (verdict == Verdict.NotLinearizable)
            {
                return verdict;
            }

            worst = verdict == Verdict.Unknown ? verdict : worst;
        }

        return worst;
    }
}
