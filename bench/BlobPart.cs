using Quorate.Bench.Measure;
using Quorate.Bench.Peers;
using Quorate.Bench.Report;

namespace Quorate.Bench;

/// <summary>The content of blobs beside what else moves a file: how fast a large one gets to its durable place and back.</summary>
internal static class BlobPart
{
    public const string Title = "Blobs";

    private const string ThreeNodes = "blob, three nodes in one process";
    private const string OneNode = "blob, one node";

    public static async Task<Section> MeasureAsync(Workspace workspace, BenchOptions options, CancellationToken cancel)
    {
        var bytes = options.Quick ? 64 << 20 : 256 << 20;
        using var rsync = new RsyncDaemon(workspace);
        using var three = Start(workspace, "blobs-3", 3);
        using var one = Start(workspace, "blobs-1", 1);
        await rsync.AwaitReadyAsync(cancel);
        await three.AwaitReadyAsync(cancel);
        await one.AwaitReadyAsync(cancel);
        var gateways = new Dictionary<string, GatewayProcess> { [ThreeNodes] = three, [OneNode] = one };
        var rates = await new BlobThroughput(workspace, rsync, gateways, bytes).MeasureAsync(options.Rounds, cancel);
        return new Section(
            Title,
            [
                Row("Upload of a large file", ThreeNodes, rate => rate.Put, rates),
                Row("Upload of a large file", OneNode, rate => rate.Put, rates),
                Row("Download of a large file", ThreeNodes, rate => rate.Get, rates),
                Row("Download of a large file", OneNode, rate => rate.Get, rates),
            ],
            [
                $"{Numbers.Show(bytes / 1e6)} MB of new random content in each of {options.Rounds} rounds, the same for all, read from the page cache, durable on this one disk at the end.",
                "cp and rsync keep one copy and no checksum of it. A blob on three nodes is three copies on the same disk, each chunk hashed on the way in and again on the way out; it is acknowledged when two are durable, and the third goes on meanwhile.",
            ],
            new Table(
                ["System", "Upload, MB/s", "Download, MB/s"],
                [.. rates.Select(system => (string[])[system.Key, Numbers.ShowWithRange(Figures.Median(system.Value.Put)), Numbers.ShowWithRange(Figures.Median(system.Value.Get))])]));
    }

    private static GatewayProcess Start(Workspace workspace, string name, int nodes) => new(
        workspace, name, "--data", Path.Combine(workspace.Folder(name), "data"), "--nodes", $"{nodes}");

    private static Comparison Row(
        string what, string ours, Func<(List<double> Put, List<double> Get), List<double>> rate, IReadOnlyDictionary<string, (List<double> Put, List<double> Get)> rates) => new(
        what, ours, "MB/s", Figures.Median(rate(rates[BlobThroughput.Rsync])), Figures.Median(rate(rates[ours])), false, Target: null)
        {
            Peer = "rsync",
        };
}
