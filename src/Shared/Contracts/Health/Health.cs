namespace Quorate.Contracts.Health;

/// <param name="Status">One of <see cref="HealthStatuses"/>.</param>
/// <param name="Detail">Why not, in a sentence; null when all is well.</param>
/// <param name="Leader">Id of the leader this gateway talks to; null while it knows none.</param>
/// <param name="AppliedIndex">The last log entry this gateway has seen.</param>
public sealed record HealthReport(string Status, string? Detail, string? Leader, long AppliedIndex);

public static class HealthStatuses
{
    public const string Live = "live";
    public const string Ready = "ready";
    public const string NotReady = "not_ready";
}
