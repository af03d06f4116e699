using System.Globalization;

namespace Quorate.Bench;

/// <summary>What to measure, how long, and where to put things.</summary>
/// <param name="Rounds">Rounds per workload, number of connections and peer.</param>
/// <param name="Seconds">Length of a round; the warm-up before the first takes twice as long.</param>
/// <param name="Failovers">Leaders killed per cluster.</param>
/// <param name="Keys">Keys held while memory is measured.</param>
/// <param name="DataRoot">Where the data directories go; must be on the disk that is to be measured.</param>
/// <param name="OutputDirectory">Where the report goes.</param>
internal sealed record BenchOptions(
    bool Quick, IReadOnlySet<string> Only, int Rounds, int Seconds, int Failovers, int Keys, string DataRoot, string OutputDirectory)
{
    public const string Help = """
        Measures Quorate and its peers (etcd, RabbitMQ, Redis, rsync) side by side on this machine.

        Usage: bench/compare.sh [options]

          --quick               2 rounds of 2 s, 5 failovers, 20,000 keys; the report goes to artifacts/bench
          --only A,B            some of: limits writes memory reads batch node locks queues failover snapshot longqueue blobs regions flood (default all)
          --rounds N            rounds per row, 1 to 100 (default 5)
          --seconds N           seconds per round, 1 to 600 (default 5)
          --data DIR            where the clusters keep their data meanwhile (default artifacts/bench); not a RAM disk
          --output DIR          where the report goes (default bench/results; with --quick or --only artifacts/bench)
          --help                this text
        """;

    private static readonly string[] Parts = ["limits", "writes", "memory", "reads", "batch", "node", "locks", "queues", "failover", "snapshot", "longqueue", "blobs", "regions", "flood"];

    /// <summary>The limits stand beside the nodes' own protocol, and so come with it.</summary>
    public bool Includes(string part) => Only.Count == 0 || Only.Contains(part) || (part == "limits" && Only.Contains("node"));

    /// <exception cref="BenchException">An option is wrong; the message says which.</exception>
    public static BenchOptions Parse(string[] arguments, string repository)
    {
        var quick = false;
        var only = new HashSet<string>(StringComparer.Ordinal);
        int? rounds = null, seconds = null;
        string? data = null, output = null;
        for (var i = 0; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case "--quick":
                    quick = true;
                    break;
                case "--only":
                    only.UnionWith(Value(arguments, ref i).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
                    break;
                case "--rounds":
                    rounds = Number(arguments, ref i, 100);
                    break;
                case "--seconds":
                    seconds = Number(arguments, ref i, 600);
                    break;
                case "--data":
                    data = Value(arguments, ref i);
                    break;
                case "--output":
                    output = Value(arguments, ref i);
                    break;
                default:
                    throw new BenchException($"'{arguments[i]}' is not an option. See --help.");
            }
        }

        if (only.Except(Parts).FirstOrDefault() is { } unknown)
        {
            throw new BenchException($"--only knows {string.Join(", ", Parts)}, but not '{unknown}'.");
        }

        var scratch = Path.Combine(repository, "artifacts", "bench");
        var results = quick || only.Count > 0 ? scratch : Path.Combine(repository, "bench", "results");
        return new BenchOptions(
            quick, only, rounds ?? (quick ? 2 : 5), seconds ?? (quick ? 2 : 5), quick ? 5 : 20, quick ? 20_000 : 100_000,
            Path.GetFullPath(data ?? scratch), Path.GetFullPath(output ?? results));
    }

    private static string Value(string[] arguments, ref int i) =>
        i + 1 < arguments.Length ? arguments[++i] : throw new BenchException($"{arguments[i]} needs a value. See --help.");

    private static int Number(string[] arguments, ref int i, int most)
    {
        var name = arguments[i];
        return int.TryParse(Value(arguments, ref i), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most
            ? number
            : throw new BenchException($"{name} must be a whole number from 1 to {most}.");
    }
}
