using System.Diagnostics;
using Quorate.Bench.Peers;
using Quorate.Contracts;

namespace Quorate.Bench.Measure;

/// <summary>
/// One large file to its durable place and back: by cp, by rsync over loopback, and as a blob. New content in each round, the same for all, in the
/// page cache; each direction ends when what arrived is durable.
/// </summary>
internal sealed class BlobThroughput(Workspace workspace, RsyncDaemon rsync, IReadOnlyDictionary<string, GatewayProcess> gateways, int bytes)
{
    public const string Cp = "cp, then fsync";
    public const string Rsync = "rsync over loopback, with fsync";

    private readonly string _folder = workspace.Folder("blobs");

    /// <summary>Megabytes (10^6) per second there and back, by system, one value for each round.</summary>
    public async Task<IReadOnlyDictionary<string, (List<double> Put, List<double> Get)>> MeasureAsync(int rounds, CancellationToken cancel)
    {
        string[] names = [Cp, Rsync, .. gateways.Keys];
        var rates = names.ToDictionary(name => name, _ => (Put: new List<double>(), Get: new List<double>()));
        for (var round = -1; round < rounds; round++)
        {
            var content = new byte[bytes];
            Random.Shared.NextBytes(content);
            var source = Path.Combine(_folder, "source");
            await File.WriteAllBytesAsync(source, content, cancel);
            await RunAsync("sync", [source], cancel);

            // Another one begins each round; the first round of all warms up.
            for (var turn = 0; turn < names.Length; turn++)
            {
                var name = names[(turn + round + names.Length) % names.Length];
                var (put, get) = await MoveAsync(name, source, content, cancel);
                if (round >= 0)
                {
                    rates[name].Put.Add(bytes / 1e6 / put.TotalSeconds);
                    rates[name].Get.Add(bytes / 1e6 / get.TotalSeconds);
                }
            }
        }

        return rates;
    }

    private async Task<(TimeSpan Put, TimeSpan Get)> MoveAsync(string name, string source, byte[] content, CancellationToken cancel)
    {
        var back = Path.Combine(_folder, "back");
        var there = Path.Combine(name == Rsync ? rsync.Directory : _folder, "there");
        File.Delete(back);
        File.Delete(there);
        var started = Stopwatch.GetTimestamp();
        if (name == Cp)
        {
            await RunAsync("cp", ["--reflink=never", source, there], cancel);
            await RunAsync("sync", [there], cancel);
        }
        else if (name == Rsync)
        {
            await RunAsync("rsync", ["--whole-file", "--fsync", source, rsync.Url("there")], cancel);
        }
        else
        {
            await PutAsync(gateways[name], source, cancel);
        }

        var put = Stopwatch.GetElapsedTime(started);
        started = Stopwatch.GetTimestamp();
        if (name == Cp)
        {
            await RunAsync("cp", ["--reflink=never", there, back], cancel);
        }
        else if (name == Rsync)
        {
            await RunAsync("rsync", ["--whole-file", "--fsync", rsync.Url("there"), back], cancel);
        }
        else
        {
            await GetAsync(gateways[name], back, cancel);
        }

        await RunAsync("sync", [back], cancel);
        var get = Stopwatch.GetElapsedTime(started);
        var brought = await File.ReadAllBytesAsync(back, cancel);
        if (!content.AsSpan().SequenceEqual(brought))
        {
            throw new BenchException($"{name} brought back something else than was sent");
        }

        return (put, get);
    }

    private static async Task PutAsync(GatewayProcess gateway, string source, CancellationToken cancel)
    {
        using var http = new HttpClient { BaseAddress = gateway.Address, Timeout = Timeout.InfiniteTimeSpan };
        await using var file = new FileStream(source, FileMode.Open, FileAccess.Read, FileShare.Read, 0);
        using var response = await http.PutAsync(new Uri(Routes.Blob("bench"), UriKind.Relative), new StreamContent(file, 1 << 20), cancel);
        if (!response.IsSuccessStatusCode)
        {
            throw new BenchException($"the upload was answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancel)}");
        }
    }

    private static async Task GetAsync(GatewayProcess gateway, string target, CancellationToken cancel)
    {
        using var http = new HttpClient { BaseAddress = gateway.Address, Timeout = Timeout.InfiniteTimeSpan };
        await using var content = await http.GetStreamAsync(new Uri(Routes.Blob("bench"), UriKind.Relative), cancel);
        await using var file = new FileStream(target, FileMode.Create, FileAccess.Write, FileShare.None, 0);
        await content.CopyToAsync(file, 1 << 20, cancel);
    }

    private static async Task RunAsync(string program, string[] arguments, CancellationToken cancel)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync(cancel);
        if (process.ExitCode != 0)
        {
            throw new BenchException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
        }
    }
}
