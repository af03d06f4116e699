using Quorate.Contracts.Locks;
using Quorate.Core.StateMachine.Locks;
using Quorate.Gateway.Endpoints.Binding;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints;

/// <summary>Checks the bodies of lock requests and turns them into commands.</summary>
/// <remarks>Each throws <see cref="InvalidArgumentException"/> for the first member that is not valid.</remarks>
internal static class LockRequests
{
    private const long DefaultTtlMs = 30_000;
    private const long MinTtlMs = 1;
    private const long MaxTtlMs = 86_400_000;
    private const long MaxWaitMs = 600_000;

    private const string Owner = "owner";
    private const string TtlMs = "ttlMs";

    public static LockAcquire ToCommand(string name, AcquireLockRequest request)
    {
        var owner = Names.Require(Owner, request.Owner);
        var mode = ModeOf(request.Mode);
        var ttl = Durations.Require(TtlMs, request.TtlMs, MinTtlMs, MaxTtlMs);
        var wait = Durations.Require("waitMs", request.WaitMs, 0, MaxWaitMs) ?? 0;
        long? session = request.SessionId is { } id ? SessionIds.Parse(id) : null;
        return new LockAcquire(name, owner, mode, ttl ?? (session is null ? DefaultTtlMs : null), wait, session);
    }

    public static LockRenew ToCommand(string name, RenewLockRequest request) => new(
        name,
        Names.Require(Owner, request.Owner),
        RequireToken(request.FencingToken),
        Durations.Require(TtlMs, request.TtlMs, MinTtlMs, MaxTtlMs));

    public static LockRelease ToCommand(string name, ReleaseLockRequest request) =>
        new(name, Names.Require(Owner, request.Owner), RequireToken(request.FencingToken));

    private static LockMode ModeOf(string? mode) => mode switch
    {
        null or "exclusive" => LockMode.Exclusive,
        "shared" => LockMode.Shared,
        _ => throw new InvalidArgumentException("mode", "'mode' must be exclusive or shared."),
    };

    private static long RequireToken(long? token) => token switch
    {
        null => throw new InvalidArgumentException("fencingToken", "'fencingToken' is required: the one that acquire answered."),
        <= 0 => throw new InvalidArgumentException("fencingToken", "'fencingToken' must be positive."),
        { } value => value,
    };
}
