using Quorate.Simulation.Cli;

namespace Quorate.Soak;

/// <param name="Rounds">1 to 100,000.</param>
/// <param name="Seed">Decides which faults come when, and what the clients do; not how the processes and the network interleave.</param>
/// <param name="Short">Faults are held for as short as they still bite.</param>
internal sealed record SoakOptions(int Rounds, ulong Seed, bool Short)
{
    public const string Usage = "soak [--rounds N] [--seed S] [--short]";

    private const int DefaultRounds = 200;
    private const int MaxRounds = 100_000;
    private const long MaxDrawnSeed = 1_000_000_000;

    /// <summary>The command that runs up to the given round again.</summary>
    public string Replay(int rounds) => $"./soak.sh --seed {Seed} --rounds {rounds}{(Short ? " --short" : "")}";

    /// <exception cref="FormatException">An option is not known, or its value is out of range.</exception>
    public static SoakOptions Read(string[] args)
    {
        var arguments = new Arguments(args, ["--rounds", "--seed", "--short"]);
        var rounds = arguments.Number("--rounds", DefaultRounds);
        var seed = arguments.Number("--seed", Random.Shared.NextInt64(1, MaxDrawnSeed));
        return rounds is >= 1 and <= MaxRounds && seed >= 0
            ? new SoakOptions((int)rounds, (ulong)seed, arguments.Has("--short"))
            : throw new FormatException($"--rounds must be 1 to {MaxRounds}, and --seed not negative");
    }
}
