namespace Quorate.Dashboard.Live;

/// <summary>How far one topic has been followed.</summary>
/// <param name="Version">Of the last message that counted.</param>
/// <param name="AwaitsSnapshot">True before the first snapshot and after a gap.</param>
/// <param name="Missed">Changes that the gateway did not deliver one by one since the circuit began.</param>
public sealed record TopicState(long Version, DateTimeOffset? ReceivedAt, bool AwaitsSnapshot, long Missed)
{
    public static readonly TopicState Empty = new(-1, null, AwaitsSnapshot: true, Missed: 0);

    public bool HasData => ReceivedAt is not null;
}
