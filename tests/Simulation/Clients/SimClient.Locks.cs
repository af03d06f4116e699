using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Locks;

namespace Quorate.Simulation.Clients;

internal sealed partial class SimClient
{
    private const int LockNames = 2;

    private (string Name, long Token)? _held;

    /// <summary>Acquires a lock, or does something with the one it believes to hold. What the locks do is checked in the state itself.</summary>
    private void UseLock()
    {
        if (_held is not { } held)
        {
            Acquire();
            return;
        }

        Command command;
        if (_random.Chance(0.5))
        {
            command = new LockRenew(held.Name, _name, held.Token, null);
        }
        else
        {
            command = new LockRelease(held.Name, _name, held.Token);
            _held = null;
        }

        _gateway.Execute(command, null, null, outcome =>
        {
            if (outcome.Result is CommandResult.LockStale)
            {
                _held = null;
            }

            Rest();
        });
    }

    private void Acquire()
    {
        var name = $"lock{_random.Below(LockNames)}";
        var mode = _random.Chance(0.75) ? LockMode.Exclusive : LockMode.Shared;
        var bound = _random.Chance(0.3) ? _session : null;
        var acquire = new LockAcquire(
            name, _name, mode, bound is null ? _random.Between(100, 2_000) : null, _random.Pick<long>([0, 300, 1_500]), bound);
        _gateway.Execute(acquire, null, null, outcome =>
        {
            if (outcome.Result is CommandResult.LockGranted granted)
            {
                _held = (name, granted.Hold.Token);
            }

            Rest();
        });
    }
}
