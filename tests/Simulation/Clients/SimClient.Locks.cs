using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Locks;

namespace Quorate.Simulation.Clients;

internal sealed partial class SimClient
{
    private const int LockNames = 2;
    private const string Pool = "pool";
    private const int PoolPermits = 2;

    private IReadOnlyList<(string Name, long Token)> _held = [];

    /// <summary>Acquires a lock, or does something with the one it believes to hold. What the locks do is checked in the state itself.</summary>
    private void UseLock()
    {
        if (_held.Count == 0)
        {
            Acquire();
            return;
        }

        var renews = _random.Chance(0.5);
        var commands = _held.Select(held => renews ? (Command)new LockRenew(held.Name, _name, held.Token, null) : new LockRelease(held.Name, _name, held.Token)).ToArray();
        _held = renews ? _held : [];
        _gateway.Execute(commands is [var only] ? only : new Batch(commands), null, null, outcome =>
        {
            if (outcome.Result is CommandResult.LockStale or CommandResult.Batched)
            {
                _held = [];
            }

            Rest();
        });
    }

    private void Acquire()
    {
        var name = $"lock{_random.Below(LockNames)}";
        var mode = _random.Chance(0.75) ? LockMode.Exclusive : LockMode.Shared;
        var bound = _random.Chance(0.3) ? _session : null;
        long? ttl = bound is null ? _random.Between(100, 2_000) : null;
        var wait = _random.Pick<long>([0, 300, 1_500]);
        Command acquire = _random.Below(4) switch
        {
            0 => new LockAcquire(Pool, _name, LockMode.Semaphore, ttl, wait, bound, PoolPermits, 1),
            1 => new LockAcquireAll([new LockPart("lock0", mode), new LockPart("lock1", mode), new LockPart(Pool, LockMode.Semaphore, PoolPermits, 1)], _name, ttl, wait, bound),
            _ => new LockAcquire(name, _name, mode, ttl, wait, bound),
        };
        _gateway.Execute(acquire, null, null, outcome =>
        {
            _held = outcome.Result switch
            {
                CommandResult.LockGranted one => [(((LockAcquire)acquire).Name, one.Hold.Token)],
                CommandResult.LocksGranted all => [.. all.Holds.Select(each => (each.Lock, each.Hold.Token))],
                _ => _held,
            };
            Rest();
        });
    }
}
