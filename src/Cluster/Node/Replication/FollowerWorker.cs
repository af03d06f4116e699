using Microsoft.Extensions.Logging;
using Quorate.Core.Replication;
using Quorate.Node.Storage;

namespace Quorate.Node.Replication;

/// <summary>
/// Keeps a follower's copy up to date: report the position, pull what comes after it, make it durable, again. When the source is away
/// it tries again with growing pauses; when the source's log has gone on without it, it loads a snapshot.
/// </summary>
public sealed partial class FollowerWorker(string id, ReplicaStore store, ISyncSource source, ILogger logger, FollowerBlobs? blobs = null)
{
    /// <summary>Changes pulled in one round.</summary>
    public const int BatchSize = 1000;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private long _failures;
    private long _snapshots;

    public string Id => id;

    public ReplicaStore Store => store;

    /// <summary>The content of blobs; null where nobody fetches it.</summary>
    public FollowerBlobs? Blobs => blobs;

    /// <summary>What keeps it; null while all is well.</summary>
    public string? Error { get; private set; }

    /// <summary>Rounds that failed.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    /// <summary>Snapshots loaded.</summary>
    public long Snapshots => Interlocked.Read(ref _snapshots);

    public Task RunAsync(CancellationToken cancel) => blobs is null ? FollowAsync(cancel) : Task.WhenAll(FollowAsync(cancel), blobs.RunAsync(cancel));

    private async Task FollowAsync(CancellationToken cancel)
    {
        var (reported, pause) = (-1L, FirstPause);
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                reported = await RoundAsync(reported, cancel);
                (Error, pause) = (null, FirstPause);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (WalFailedException error)
            {
                // What the disk holds is unknown from here on: only a restart can tell.
                Interlocked.Increment(ref _failures);
                Failed(logger, id, error.Message);
                Error = error.Message;
                return;
            }
            catch (Exception error) when (error is SyncSourceException or StorageException)
            {
                Interlocked.Increment(ref _failures);
                if (Error != error.Message)
                {
                    Failed(logger, id, error.Message);
                }

                // Whoever forgot the follower meanwhile learns of it again.
                (Error, reported) = (error.Message, -1);
                await Task.Delay(pause, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    /// <param name="reported">The position that the source knows of.</param>
    private async Task<long> RoundAsync(long reported, CancellationToken cancel)
    {
        try
        {
            var position = store.Position;
            if (reported != position)
            {
                await source.ReportAsync(position, cancel);
            }

            var entries = await source.PullAsync(position, BatchSize, cancel);
            if (entries.Count > 0 && store.Execute(new ReplicaApply(entries)) is SyncResult.Gap)
            {
                throw new SyncSourceException($"the source sent change {entries[0].Sequence} after {position}: changes are missing between them");
            }

            return position;
        }
        catch (SnapshotRequiredException error)
        {
            SnapshotBegins(logger, id, error.Message);
            return await LoadSnapshotAsync(cancel);
        }
    }

    private async Task<long> LoadSnapshotAsync(CancellationToken cancel)
    {
        // Registered first, with nothing, so that the log is kept for it from the snapshot on.
        await source.ReportAsync(0, cancel);
        store.Execute(new ReplicaReset());
        var sequence = await source.SnapshotAsync(part => store.Execute(new ReplicaLoad(part)), cancel);
        store.Execute(new ReplicaReady(sequence));
        Interlocked.Increment(ref _snapshots);
        SnapshotLoaded(logger, id, sequence);
        return -1;
    }

    [LoggerMessage(3101, LogLevel.Warning, "Follower {Id}: {Problem}")]
    private static partial void Failed(ILogger logger, string id, string problem);

    [LoggerMessage(3102, LogLevel.Warning, "Follower {Id} begins anew with a snapshot. {Why}")]
    private static partial void SnapshotBegins(ILogger logger, string id, string why);

    [LoggerMessage(3103, LogLevel.Information, "Follower {Id} has loaded a snapshot up to change {Sequence}.")]
    private static partial void SnapshotLoaded(ILogger logger, string id, long sequence);
}
