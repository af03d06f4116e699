using Quorate.Core.StateMachine;

namespace Quorate.Core.Replication;

/// <summary>What became of a command about the log of changes. A closed hierarchy; <see cref="SyncResultCodec"/> knows every case.</summary>
public abstract record SyncResult : CommandResult
{
    /// <summary>Where a follower stands.</summary>
    /// <param name="Sequence">The last change that is durable there, or that the snapshot for it will have.</param>
    /// <param name="First">The oldest change kept; one more than <paramref name="Last"/> when none is.</param>
    /// <param name="Last">The newest change.</param>
    public sealed record Standing(long Sequence, long First, long Last) : SyncResult;

    /// <summary>The follower has seen changes that were never made here.</summary>
    public sealed record Ahead(long Last) : SyncResult;

    public sealed record FollowerNotFound : SyncResult;

    public sealed record TooManyFollowers(int Limit) : SyncResult;

    public sealed record Retained : SyncResult;

    /// <param name="Position">The last change carried out.</param>
    public sealed record Applied(long Position) : SyncResult;

    /// <summary>Changes are missing between what was carried out and what came.</summary>
    public sealed record Gap(long Position) : SyncResult;
}
