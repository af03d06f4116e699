using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Quorate.Bench.Report;

/// <summary>Where the figures come from.</summary>
/// <param name="Sentence">Processor, system, versions and disk.</param>
/// <param name="Warnings">What makes the figures doubtful.</param>
internal sealed record Machine(string Sentence, IReadOnlyList<string> Warnings)
{
    private const double QuietLoad = 1;
    private static readonly string[] MemoryFileSystems = ["tmpfs", "ramfs"];

    /// <param name="dataDirectory">A directory on the disk that is measured.</param>
    public static Machine Look(string dataDirectory)
    {
        var load = double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);
        var processor = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
        var fileSystem = FileSystemOf(dataDirectory);
        var sentence = $"{Environment.ProcessorCount} cores ({processor ?? RuntimeInformation.ProcessArchitecture.ToString()}), "
            + $"Linux {File.ReadAllText("/proc/sys/kernel/osrelease").Trim()}, {RuntimeInformation.FrameworkDescription}, {EtcdVersion()}, "
            + $"data on {fileSystem}, load average {load.ToString("0.00", CultureInfo.InvariantCulture)} at the start,";
        var warnings = new List<string>();
        if (load > QuietLoad)
        {
            warnings.Add($"the machine was busy with something else (load average {load.ToString("0.00", CultureInfo.InvariantCulture)}): the figures of this run mean nothing.");
        }

        if (MemoryFileSystems.Contains(fileSystem))
        {
            warnings.Add($"the data was on {fileSystem}, where fsync costs nothing.");
        }

        return new Machine(sentence, warnings);
    }

    /// <summary>Of the mount point with the longest path that holds the directory.</summary>
    private static string FileSystemOf(string directory) => File.ReadLines("/proc/mounts")
        .Select(line => line.Split(' '))
        .Where(mount => directory == mount[1] || directory.StartsWith(mount[1].TrimEnd('/') + "/", StringComparison.Ordinal))
        .OrderBy(mount => mount[1].Length)
        .LastOrDefault()?[2] ?? "an unknown file system";

    private static string EtcdVersion()
    {
        using var process = Process.Start(new ProcessStartInfo("etcd", ["--version"]) { RedirectStandardOutput = true })
            ?? throw new BenchException("etcd did not start");
        var version = process.StandardOutput.ReadToEnd().Split('\n')[0];
        return version.Replace(" Version:", "", StringComparison.OrdinalIgnoreCase);
    }
}
