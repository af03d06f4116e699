namespace Quorate.Node.Access;

/// <summary>A request could not be carried out now. The reasons are a closed set, mapped to problem details in one place.</summary>
public abstract class ClusterUnavailableException(string message) : Exception(message);

/// <summary>No leader with a quorum behind it was found in time.</summary>
/// <param name="mayHaveHappened">Whether the write was handed to a leader and its outcome is unknown.</param>
public sealed class NoQuorumException(bool mayHaveHappened) : ClusterUnavailableException(
    mayHaveHappened
        ? "No quorum answered in time. The write may still be applied: retry with the same Idempotency-Key to be safe."
        : "No quorum is available, and nothing was changed. Retry when a majority of nodes is back.")
{
    public bool MayHaveHappened { get; } = mayHaveHappened;
}

/// <summary>Too much is under way already.</summary>
public sealed class OverloadedException() : ClusterUnavailableException("Too many writes are under way. Retry a little later.");

/// <summary>The leader's disk is full; reads go on.</summary>
public sealed class DiskFullException() : ClusterUnavailableException("The leader's disk is full: writes are refused, reads go on. Free space on its data directory.");
