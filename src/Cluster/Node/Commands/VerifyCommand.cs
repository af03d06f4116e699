using System.Globalization;
using Quorate.Core.Raft;
using Quorate.Node.Storage;

namespace Quorate.Node.Commands;

/// <summary>Checks a data directory without changing anything.</summary>
internal static class VerifyCommand
{
    /// <exception cref="DataDirectoryException">It is no node's data directory.</exception>
    /// <exception cref="StorageException">A file cannot be read.</exception>
    public static int Run(string directory, TextWriter output)
    {
        var layout = new DataLayout(directory);
        if (!Directory.Exists(layout.Log))
        {
            throw new DataDirectoryException($"there is no data of a node in {Path.GetFullPath(directory)}");
        }

        var faults = new List<string>();
        var log = CheckLog(layout, output, faults);
        var snapshot = CheckSnapshots(layout, output, faults);
        if (log is not null)
        {
            CheckTogether(log, snapshot, faults);
        }

        if (faults.Count > 0)
        {
            return NodeCommandLine.Complain(ExitCode.Fault, faults);
        }

        output.WriteLine("no damage found");
        return ExitCode.Fine;
    }

    private static RecoveredLog? CheckLog(DataLayout layout, TextWriter output, List<string> faults)
    {
        try
        {
            var log = WriteAheadLog.Inspect(layout.Log, new WalOptions());
            var entries = log.Entries.Count == 0 ? "no entries" : $"entries {log.Entries[0].Index} to {log.LastIndex}";
            var vote = log.HardState.VotedFor.IsNone ? "no vote" : $"voted for {log.HardState.VotedFor}";
            output.WriteLine($"log       {Count(log.Segments, "segment")}, {entries}, term {log.HardState.Term}, {vote}");
            if (log.Torn is { } torn)
            {
                output.WriteLine($"          an interrupted write at offset {torn.Offset} of {torn.File}: nothing that was promised, the next start cuts it");
            }

            return log;
        }
        catch (WalCorruptedException e)
        {
            output.WriteLine($"log       damaged at offset {e.Offset} of {e.File}");
            faults.Add(e.Message);
            return null;
        }
    }

    /// <returns>The newest undamaged snapshot.</returns>
    private static SnapshotMeta? CheckSnapshots(DataLayout layout, TextWriter output, List<string> faults)
    {
        SnapshotMeta? newest = null;
        var files = Directory.Exists(layout.Snapshots) ? Directory.GetFiles(layout.Snapshots) : [];
        foreach (var path in files.Order(StringComparer.Ordinal))
        {
            if (path.EndsWith(SnapshotFormat.DamagedExtension, StringComparison.Ordinal))
            {
                output.WriteLine($"snapshot  {path} was found damaged earlier and set aside");
            }
            else if (path.EndsWith(SnapshotFormat.Extension, StringComparison.Ordinal))
            {
                var check = SnapshotCheck.Of(path);
                var where = check.Meta is null ? "unknown" : $"entry {check.Meta.Index}, term {check.Meta.Term}";
                output.WriteLine($"snapshot  {where}, {Bytes(check.Bytes)}, checksums {(check.Damage is null ? "right" : "WRONG")}");
                if (check.Damage is not null)
                {
                    faults.Add(check.Damage);
                }
                else
                {
                    newest = check.Meta;
                }
            }
        }

        return newest;
    }

    private static void CheckTogether(RecoveredLog log, SnapshotMeta? snapshot, List<string> faults)
    {
        try
        {
            log.After(snapshot);
        }
        catch (WalCorruptedException e)
        {
            faults.Add(e.Message);
        }
    }

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    private static string Bytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes:N0} bytes");
}
