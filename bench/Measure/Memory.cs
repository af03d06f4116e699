using System.Globalization;
using Quorate.Bench.Peers;

namespace Quorate.Bench.Measure;

/// <summary>Resident memory of a peer's processes while it holds many keys.</summary>
internal static class Memory
{
    private const int Writers = 64;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(3);

    /// <summary>Writes the keys one by one, many at a time, waits a moment, and looks at each process.</summary>
    public static async Task<IReadOnlyList<ProcessMemory>> MeasureAsync(IPeer peer, int keys, CancellationToken cancel)
    {
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async _ =>
        {
            for (var key = Interlocked.Increment(ref next); key < keys; key = Interlocked.Increment(ref next))
            {
                await peer.PutAsync(Key(key), cancel);
            }
        }));
        if (await peer.VersionAsync(Key(0), cancel) == 0 || await peer.VersionAsync(Key(keys - 1), cancel) == 0)
        {
            throw new BenchException("the keys that were written are not there");
        }

        await Task.Delay(Settle, cancel);
        return Look(peer);
    }

    public static IReadOnlyList<ProcessMemory> Look(IPeer peer) => [.. peer.Processes.Select(Look)];

    private static string Key(int number) => $"memory-{number:000000}";

    private static ProcessMemory Look(PeerProcess process)
    {
        var lines = File.ReadAllLines($"/proc/{process.Id}/status");
        return new ProcessMemory(process.Name, process.HoldsData, Megabytes("VmRSS:"), Megabytes("RssAnon:"));

        double Megabytes(string name) =>
            double.Parse(lines.Single(line => line.StartsWith(name, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024 / 1e6;
    }
}

/// <param name="ResidentMb">All resident pages, those of mapped files included; megabytes of 10^6 bytes.</param>
/// <param name="AnonymousMb">Those that no file backs.</param>
internal sealed record ProcessMemory(string Name, bool HoldsData, double ResidentMb, double AnonymousMb);
