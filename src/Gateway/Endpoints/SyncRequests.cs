using Quorate.Contracts.Replication;
using Quorate.Core.Replication;
using Quorate.Gateway.Endpoints.Binding;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints;

/// <summary>Checks requests about the log of changes and turns them into commands.</summary>
/// <remarks>Each throws <see cref="InvalidArgumentException"/> for the first member that is not valid.</remarks>
internal static class SyncRequests
{
    private const long MaxEntries = 10_000_000;
    private const long MinBytes = 1024;
    private const long MaxBytes = 1L << 32;
    private const long MaxWaitMs = 60_000;

    public static TimeSpan WaitOf(TriggerSyncRequest? request) =>
        TimeSpan.FromMilliseconds(Durations.Require("waitMs", request?.WaitMs, 0, MaxWaitMs) ?? 0);

    public static SyncRetain ToCommand(SyncRetentionView request) => new(
        Within("maxEntries", request.MaxEntries, 1, MaxEntries), Within("maxBytes", request.MaxBytes, MinBytes, MaxBytes));

    public static FollowerReport ToCommand(string id, ReportFollowerRequest request) => new(id, request.Sequence switch
    {
        null => throw new InvalidArgumentException("sequence", "'sequence' is required: the last change that is durable at the follower, 0 before the first."),
        < 0 => throw new InvalidArgumentException("sequence", "'sequence' must not be negative."),
        { } sequence => sequence,
    });

    public static FollowerStanding Standing(string id, SyncResult.Standing standing) =>
        new(id, standing.Sequence, standing.First, standing.Last, standing.Sequence < standing.First - 1);

    private static long Within(string field, long value, long min, long max) => value >= min && value <= max
        ? value
        : throw new InvalidArgumentException(field, $"'{field}' must be {min} to {max}, but is {value}.");
}
