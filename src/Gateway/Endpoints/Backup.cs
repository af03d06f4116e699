using Microsoft.Extensions.Logging.Abstractions;
using Quorate.Core.Raft;
using Quorate.Core.StateMachine;
using Quorate.Node.Access;
using Quorate.Node.Storage;

namespace Quorate.Gateway.Endpoints;

/// <summary>
/// A backup is a snapshot file: consistent, checksummed, and restored by <c>quorate-node restore</c>. It is written to a temporary file first,
/// so that a slow download holds up nothing and a failure is an error instead of half a file.
/// </summary>
internal static class Backup
{
    /// <summary>Streams a consistent snapshot of the whole state, as of a moment after the request came.</summary>
    public static async Task<IResult> StreamAsync(ClusterClient cluster, CancellationToken cancel)
    {
        var (frozen, membership) = await cluster.ReadAsync(state => (state.Freeze(), MembershipOf(cluster)), cancel);
        var directory = Directory.CreateTempSubdirectory("quorate-backup-").FullName;
        try
        {
            var path = await Task.Run(() => Write(frozen, membership, directory), cancel);

            // Open first, then unlink: the file lives as long as the download.
            var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16, FileOptions.SequentialScan);
            return TypedResults.Stream(stream, "application/octet-stream", $"quorate-{frozen.AppliedIndex}.snapshot");
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static string Write(FrozenState frozen, Membership membership, string directory)
    {
        using var store = new SnapshotStore(directory, GroupId.Default, NullLogger.Instance);
        using (var writer = store.Begin(new SnapshotMeta(frozen.AppliedIndex, frozen.AppliedTerm, frozen.Time, membership)))
        {
            foreach (var record in frozen.Records())
            {
                writer.Write(record.Span);
            }

            writer.Commit();
        }

        return Directory.EnumerateFiles(directory).Single();
    }

    private static Membership MembershipOf(ClusterClient cluster) =>
        cluster.Links.Select(link => link.Status).OfType<Node.Hosting.NodeStatus>().MaxBy(status => status.CommitIndex.Value)?.Membership ?? Membership.Empty;
}
