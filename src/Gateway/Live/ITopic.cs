namespace Quorate.Gateway.Live;

/// <summary>
/// One topic of the live feed. Subscribers pull: a topic keeps a bounded history for everybody and nothing per subscriber, so that
/// a slow one costs no memory and simply gets its changes in larger steps.
/// </summary>
public interface ITopic
{
    string Name { get; }

    /// <summary>Grows with each change.</summary>
    long Version { get; }

    /// <summary>Everything as it is now.</summary>
    TopicRead Snapshot();

    /// <summary>What changed after <paramref name="version"/>, or a snapshot and how much was missed when that is too long ago.</summary>
    /// <returns>Null when nothing changed.</returns>
    TopicRead? Since(long version);
}

/// <param name="Version">Where the payload brings the subscriber to.</param>
/// <param name="Payload">A contract record.</param>
/// <param name="IsDelta">Whether it adds to what the subscriber has, or replaces it.</param>
/// <param name="Missed">Set when changes were passed over: how many, 0 when unknown.</param>
public sealed record TopicRead(long Version, object Payload, bool IsDelta, long? Missed = null)
{
    /// <summary>There is more than fits into one message: ask again at once.</summary>
    public bool HasMore { get; init; }
}
