using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Quorate.Bench.Measure;

/// <summary>How often this disk can be asked to keep 512 bytes for good: the floor under every durable write.</summary>
internal static partial class DiskLimit
{
    private const int RecordBytes = 512;
    private const int FileBytes = 16 << 20;

    /// <summary>Writes and syncs in files that are already full of zeros, so that no metadata changes.</summary>
    /// <param name="files">Files written at the same time, each by a thread of its own, as three nodes on one disk do.</param>
    /// <returns>Syncs per second, of all files together.</returns>
    public static double SyncsPerSecond(string directory, int files, TimeSpan duration)
    {
        var paths = Enumerable.Range(0, files).Select(i => Path.Combine(directory, $"disk-{i}")).ToList();
        paths.ForEach(path => File.WriteAllBytes(path, new byte[FileBytes]));
        paths.ForEach(Flush);
        var rates = new double[files];
        var errors = new string?[files];
        var threads = paths.Select((path, i) => new Thread(() => (rates[i], errors[i]) = WriteAndSync(path, duration))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        paths.ForEach(File.Delete);
        return errors.FirstOrDefault(error => error is not null) is { } message
            ? throw new BenchException($"fdatasync failed: {message}")
            : rates.Sum();
    }

    private static void Flush(string path)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(file);
    }

    private static (double PerSecond, string? Error) WriteAndSync(string path, TimeSpan duration)
    {
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        var record = new byte[RecordBytes];
        var started = Stopwatch.GetTimestamp();
        long count = 0;
        for (; Stopwatch.GetElapsedTime(started) < duration; count++)
        {
            record[0] = (byte)count;
            RandomAccess.Write(file, record, count * RecordBytes % FileBytes);
            if (FDataSync(file) != 0)
            {
                return (0, new Win32Exception(Marshal.GetLastPInvokeError()).Message);
            }
        }

        return (count / Stopwatch.GetElapsedTime(started).TotalSeconds, null);
    }

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int FDataSync(SafeFileHandle file);
}
