using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Locks;
using Quorate.Simulation.Histories;
using Quorate.Simulation.Running;
using Quorate.Simulation.Time;

namespace Quorate.Simulation.Clients;

/// <summary>
/// Takes locks, holds them for a while and gives them back, and notes what it is told. Most of its holds do not end by themselves, so
/// that their history leaves nothing to time. Every request has an owner of its own: what became of one that got no answer stays open.
/// </summary>
internal sealed class SimLockClient
{
    private const int Locks = 2;
    private const double ThinkTime = 40 * Duration.Millisecond;

    private readonly World _world;
    private readonly SimGateway _gateway;
    private readonly SeededRandom _random;
    private readonly string _name;
    private (string Lock, LockOperation Granted)? _held;
    private int _requests;

    public SimLockClient(World world, int number, SimGateway gateway, SeededRandom random)
    {
        (_world, _gateway, _random, _name) = (world, gateway, random, $"locker{number}");
        Rest();
    }

    private void Rest() => _world.Time.After(_random.Exponential(ThinkTime), Act);

    private void Act()
    {
        var name = $"history{_random.Below(Locks)}";
        if (_held is { } held)
        {
            Use(held.Lock, held.Granted);
        }
        else if (_random.Chance(0.1))
        {
            // Otherwise the first request that is granted unheard would end the history.
            Do(name, new LockOperation(LockAction.Force, _name), new LockForceRelease(name), result => result is CommandResult.LockForceReleased);
        }
        else
        {
            Acquire(name);
        }
    }

    private void Acquire(string name)
    {
        var lapses = _random.Chance(0.3);
        var mode = _random.Chance(0.75) ? LockMode.Exclusive : LockMode.Shared;
        var asked = new LockOperation(LockAction.Acquire, $"{_name}.{++_requests}", mode, lapses);
        long? ttl = lapses ? _random.Between(100, 1_000) : null;
        Execute(name, asked, new LockAcquire(name, asked.Owner, mode, ttl, _random.Pick<long>([0, 300, 1_500]), null), result =>
        {
            var answered = result switch
            {
                CommandResult.LockGranted granted => asked with { Token = granted.Hold.Token, Succeeded = true },
                CommandResult.LockHeld => asked with { Succeeded = false },
                _ => throw new InvalidOperationException($"a request for {name} was answered {result}"),
            };
            _held = answered.Succeeded == true ? (name, answered) : null;
            return answered;
        });
    }

    private void Use(string name, LockOperation granted)
    {
        var (owner, token) = (granted.Owner, granted.Token);
        if (_random.Chance(0.3))
        {
            Do(name, new LockOperation(LockAction.Renew, owner, Token: token), new LockRenew(name, owner, token, null), result => result is CommandResult.LockRenewed);
            return;
        }

        _held = null;
        Do(name, new LockOperation(LockAction.Release, owner, Token: token), new LockRelease(name, owner, token), result => result is CommandResult.LockReleased);
    }

    private void Do(string name, LockOperation operation, Command command, Predicate<CommandResult> succeeds) => Execute(name, operation, command, result =>
    {
        var succeeded = succeeds(result);
        _held = succeeded ? _held : null;
        return operation with { Succeeded = succeeded };
    });

    private void Execute(string name, LockOperation operation, Command command, Func<CommandResult, LockOperation> read)
    {
        var called = _world.History.Call();
        _gateway.Execute(command, null, null, outcome =>
        {
            if (outcome.Result is { } result)
            {
                var answered = read(result);
                _world.Trace.Note(called, answered.Token, 5, $"{_name}: {name} {answered}");
                _world.History.Locks.Answered(name, called, answered);
            }
            else if (outcome.MayHaveHappened)
            {
                _world.Trace.Note(called, 0, 6, $"{_name}: {name} {operation} has no answer");
                _world.History.Locks.Unanswered(name, called, operation);
            }

            Rest();
        });
    }
}
