using Quorate.Contracts.Live;

namespace Quorate.Client;

/// <summary>A subscription to the gateway's live topics that outlives connections.</summary>
public interface ILiveFeed
{
    FeedStatus Status { get; }

    /// <summary>Raised on any thread, after <see cref="Status"/> changed.</summary>
    event Action<FeedStatus>? StatusChanged;

    /// <summary>
    /// Messages of the topics, for ever: a lost connection is opened again and the topics resume from the last version seen.
    /// Ends only by cancellation. One enumeration at a time.
    /// </summary>
    /// <param name="resumeFrom">Last version seen per topic; a topic that is absent starts with a snapshot.</param>
    IAsyncEnumerable<LiveMessage> Subscribe(
        string[] topics, IDictionary<string, long>? resumeFrom = null, CancellationToken cancellation = default);

    /// <summary>Ends the present wait between two attempts; does nothing while connected.</summary>
    void RetryNow();
}

public enum FeedState
{
    Connecting,
    Connected,
    Reconnecting,
}

/// <param name="Since">When this state began; for <see cref="FeedState.Reconnecting"/>, when the connection was lost.</param>
/// <param name="NextRetryAt">When the next attempt starts; null while connected and during an attempt.</param>
/// <param name="Error">Why the last connection or attempt ended.</param>
public sealed record FeedStatus(FeedState State, DateTimeOffset Since, DateTimeOffset? NextRetryAt = null, string? Error = null);
