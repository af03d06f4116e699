using Quorate.Core.Replication;

namespace Quorate.Node.Replication;

/// <summary>Where a follower gets its changes from.</summary>
public interface ISyncSource
{
    /// <summary>Registers the follower, or says how far it is.</summary>
    /// <exception cref="SnapshotRequiredException">The source has never made as many changes.</exception>
    /// <exception cref="SyncSourceException">The source cannot be reached, or refuses.</exception>
    Task ReportAsync(long sequence, CancellationToken cancel);

    /// <summary>The changes after a position; none when none came within the source's patience.</summary>
    /// <exception cref="SnapshotRequiredException">The source's log does not reach back that far.</exception>
    /// <exception cref="SyncSourceException">The source cannot be reached, or does not know the follower.</exception>
    Task<IReadOnlyList<SyncEntry>> PullAsync(long after, int limit, CancellationToken cancel);

    /// <summary>Everything that the source holds, in parts.</summary>
    /// <param name="load">Called with each part in turn.</param>
    /// <returns>The last change that is in it.</returns>
    /// <exception cref="SyncSourceException">The source cannot be reached, or the stream broke off.</exception>
    Task<long> SnapshotAsync(Action<IReadOnlyList<SyncEntry>> load, CancellationToken cancel);
}

/// <summary>The source cannot be reached, refuses, or answers what nobody understands. Trying again later may help.</summary>
public class SyncSourceException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The source's log does not continue what the follower has: it must begin anew with a snapshot.</summary>
public sealed class SnapshotRequiredException(string message) : SyncSourceException(message);
