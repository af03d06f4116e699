namespace Quorate.Bench.Load;

/// <summary>What is asked of every peer, in each one's own protocol.</summary>
/// <param name="Unit">What is counted per second.</param>
/// <param name="Operations">Operations in one request.</param>
/// <param name="CountedKey">A key that each request writes once: its version tells how many writes really happened. Null for reads.</param>
/// <param name="LeastResponseBytes">What an answer must carry at least: 256 for the value that was read.</param>
internal sealed record Workload(string Name, string Unit, int Operations, string? CountedKey, int LeastResponseBytes)
{
    public const int ValueBytes = 256;
    public const int BatchSize = 100;
    public const string Key = "bench";

    /// <summary>The value, the same for all: 256 letters, no two halves alike enough to compress well by accident.</summary>
    public static readonly string Value = string.Create(ValueBytes, 17u, static (text, seed) =>
    {
        for (var i = 0; i < text.Length; i++)
        {
            seed = (seed * 1_664_525) + 1_013_904_223;
            text[i] = (char)('a' + ((seed >> 16) % 26));
        }
    });

    public static readonly Workload Writes = new("Writes of 256 bytes", "writes/s", 1, Key, 0);

    public static readonly Workload Reads = new("Linearizable reads of 256 bytes", "reads/s", 1, null, ValueBytes);

    public static readonly Workload Batches = new("Batches of 100 puts", "puts/s", BatchSize, BatchKey(0), 0);

    public static string BatchKey(int number) => $"batch-{number:000}";
}

/// <summary>The one request that h2load repeats.</summary>
/// <param name="BodyFile">Null: GET without a body.</param>
internal sealed record LoadRequest(Uri Url, IReadOnlyList<string> Headers, string? BodyFile);
