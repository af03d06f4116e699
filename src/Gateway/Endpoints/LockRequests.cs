using Quorate.Contracts.Locks;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Locks;
using Quorate.Gateway.Endpoints.Binding;
using Quorate.Gateway.Problems;

namespace Quorate.Gateway.Endpoints;

/// <summary>Checks the bodies of lock requests and turns them into commands.</summary>
/// <remarks>Each throws <see cref="InvalidArgumentException"/> for the first member that is not valid.</remarks>
internal static class LockRequests
{
    public const long MinTtlMs = 1;
    public const long MaxTtlMs = 86_400_000;

    private const long DefaultTtlMs = 30_000;
    private const long MaxWaitMs = 600_000;

    private const string Owner = "owner";
    private const string TtlMs = "ttlMs";
    private const string Semaphore = "semaphore";

    public static LockAcquire ToCommand(string name, AcquireLockRequest request)
    {
        var owner = Names.Require(Owner, request.Owner);
        var part = PartOf(name, request.Mode, request.Permits, request.Take);
        var (ttl, wait, session) = TermsOf(request.TtlMs, request.WaitMs, request.SessionId);
        return new LockAcquire(name, owner, part.Mode, ttl, wait, session, part.Permits, part.Take);
    }

    public static LockAcquireAll ToCommand(AcquireLocksRequest request)
    {
        RequireCount(request.Locks?.Count ?? 0);
        var parts = request.Locks!
            .Select(part => PartOf(Names.Require("locks", part?.Name), part!.Mode, part.Permits, part.Take))
            .OrderBy(part => part.Name, StringComparer.Ordinal)
            .ToArray();
        for (var i = 1; i < parts.Length; i++)
        {
            if (parts[i].Name == parts[i - 1].Name)
            {
                throw new InvalidArgumentException("locks", $"'locks' names '{parts[i].Name}' twice.");
            }
        }

        var owner = Names.Require(Owner, request.Owner);
        var (ttl, wait, session) = TermsOf(request.TtlMs, request.WaitMs, request.SessionId);
        return new LockAcquireAll(parts, owner, ttl, wait, session);
    }

    public static Batch ToRenewals(HeldLocksRequest request)
    {
        var ttl = Durations.Require(TtlMs, request.TtlMs, MinTtlMs, MaxTtlMs);
        return Each(request, (name, owner, token) => new LockRenew(name, owner, token, ttl));
    }

    public static Batch ToReleases(HeldLocksRequest request) =>
        Each(request, (name, owner, token) => new LockRelease(name, owner, token));

    public static LockRenew ToCommand(string name, RenewLockRequest request) => new(
        name,
        Names.Require(Owner, request.Owner),
        RequireToken(request.FencingToken),
        Durations.Require(TtlMs, request.TtlMs, MinTtlMs, MaxTtlMs));

    public static LockRelease ToCommand(string name, ReleaseLockRequest request) =>
        new(name, Names.Require(Owner, request.Owner), RequireToken(request.FencingToken));

    private static Batch Each(HeldLocksRequest request, Func<string, string, long, Command> command)
    {
        RequireCount(request.Locks?.Count ?? 0);
        var owner = Names.Require(Owner, request.Owner);
        return new Batch([.. request.Locks!.Select(part => command(Names.Require("locks", part?.Name), owner, RequireToken(part!.FencingToken)))]);
    }

    private static void RequireCount(int count)
    {
        if (count is 0 or > LockAcquireAll.MaxLocks)
        {
            throw new InvalidArgumentException("locks", $"'locks' must name 1 to {LockAcquireAll.MaxLocks} locks, but names {count}.");
        }
    }

    private static (long? TtlMs, long WaitMs, long? Session) TermsOf(long? ttlMs, long? waitMs, string? sessionId)
    {
        var ttl = Durations.Require(TtlMs, ttlMs, MinTtlMs, MaxTtlMs);
        var wait = Durations.Require("waitMs", waitMs, 0, MaxWaitMs) ?? 0;
        long? session = sessionId is { } id ? SessionIds.Parse(id) : null;
        return (ttl ?? (session is null ? DefaultTtlMs : null), wait, session);
    }

    private static LockPart PartOf(string name, string? mode, int? permits, int? take)
    {
        if (permits is null && mode != Semaphore)
        {
            return take is null ? new LockPart(name, ModeOf(mode)) : throw new InvalidArgumentException("take", "'take' needs 'permits'.");
        }

        if (mode is not (null or Semaphore))
        {
            throw new InvalidArgumentException("mode", $"'mode' must be left out, or {Semaphore}, where there are 'permits'.");
        }

        var all = RequirePermits("permits", permits ?? 0, LockPart.MaxPermits);
        return new LockPart(name, LockMode.Semaphore, all, RequirePermits("take", take ?? 1, all));
    }

    private static int RequirePermits(string field, int value, int max) => value >= 1 && value <= max
        ? value
        : throw new InvalidArgumentException(field, $"'{field}' must be 1 to {max}, but is {value}.");

    private static LockMode ModeOf(string? mode) => mode switch
    {
        null or "exclusive" => LockMode.Exclusive,
        "shared" => LockMode.Shared,
        _ => throw new InvalidArgumentException("mode", "'mode' must be exclusive, shared or semaphore."),
    };

    private static long RequireToken(long? token) => token switch
    {
        null => throw new InvalidArgumentException("fencingToken", "'fencingToken' is required: the one that acquire answered."),
        <= 0 => throw new InvalidArgumentException("fencingToken", "'fencingToken' must be positive."),
        { } value => value,
    };
}
