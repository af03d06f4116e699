using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Elections;
using Quorate.Simulation.Running;
using Quorate.Simulation.Time;

namespace Quorate.Simulation.Clients;

/// <summary>Stands in an election, renews while it leads, now and then resigns, and compares what it is told with what the log says.</summary>
internal sealed class SimCandidate
{
    private const string Election = "captain";
    private const double ThinkTime = 60 * Duration.Millisecond;

    private readonly World _world;
    private readonly SimGateway _gateway;
    private readonly SeededRandom _random;
    private readonly string _name;
    private long? _token;

    public SimCandidate(World world, int number, SimGateway gateway, SeededRandom random)
    {
        (_world, _gateway, _random, _name) = (world, gateway, random, $"candidate{number}");
        Rest();
    }

    private void Rest() => _world.Time.After(_random.Exponential(ThinkTime), Act);

    private void Act()
    {
        Command command = _token is not { } token
            ? new ElectionCampaign(Election, _name, "1"u8.ToArray(), _random.Between(100, 1_500), null)
            : _random.Chance(0.2) ? new ElectionResign(Election, _name, token)
            : _random.Chance(0.2) ? new ElectionProclaim(Election, _name, token, "2"u8.ToArray())
            : new ElectionRenew(Election, _name, token);
        _gateway.Execute(command, null, null, outcome =>
        {
            _token = outcome.Result is CommandResult.ElectionStanding { Token: { } led } ? led : null;
            if (_token is { } told)
            {
                _world.Trace.Note(told, 0, 9, $"{_name} leads {Election} with token {told}");
                _world.Check.Oracle.Elections.Told(_name, Election, told);
            }

            Rest();
        });
    }
}
