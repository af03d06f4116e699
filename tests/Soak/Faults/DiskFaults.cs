using Quorate.Contracts.Problems;
using Quorate.Soak.Clients;

namespace Quorate.Soak.Faults;

/// <summary>
/// A full disk. A node reserves the next log segment ahead, so the disk is filled first and then large values are written until the node
/// needs another segment and does not get it.
/// </summary>
internal static class DiskFaults
{
    public const string Name = "full disk";

    private const int Writers = 4;
    private const int MaxValues = 160;
    private const string Key = "soak/ballast";

    /// <summary>Near the gateway's limit of 1 MiB.</summary>
    private static readonly string Ballast = new('x', 1_000_000);

    public static readonly Fault[] All = [new(Name, FillAsync, NeedsAll: true)];

    private static async Task<string?> FillAsync(FaultContext context, CancellationToken cancel)
    {
        if (context.Cluster.Disk is not { } disk)
        {
            return null;
        }

        // A leader refuses writes, a follower falls behind: both are worth seeing.
        var node = context.Cluster.NodeOnSmallDisk;
        var leads = context.Random.Chance(0.7) && await context.Client.TransferAsync(node.Id, cancel);
        var before = node.FullDisks;
        disk.Fill();
        var (written, refused) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => WriteAsync()).ToArray());
        return node.FullDisks > before
            ? $"disk of {(leads ? "leader" : "node")} {node.Id} full after {written} MB more, {refused} writes refused for it"
            : null;

        async Task WriteAsync()
        {
            for (var i = 0; i < MaxValues / Writers && node.FullDisks == before; i++)
            {
                var answer = await context.Client.PutAsync(Key, Ballast, expected: null, cancel);
                Interlocked.Add(ref written, answer.Outcome == Outcome.Done ? 1 : 0);
                Interlocked.Add(ref refused, answer.Code == ErrorCodes.DiskFull ? 1 : 0);
            }
        }
    }
}
