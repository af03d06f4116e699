using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Events;
using Quorate.Simulation.Running;
using Quorate.Simulation.Time;

namespace Quorate.Simulation.Clients;

/// <summary>Publishes events, changes the rules, and follows all events by their numbers, going on at another gateway every now and then.</summary>
internal sealed class SimSubscriber
{
    private const double ThinkTime = 40 * Duration.Millisecond;

    private readonly World _world;
    private readonly SeededRandom _random;
    private readonly string _name;
    private SimGateway _gateway;
    private long _last;

    public SimSubscriber(World world, int number, SimGateway gateway, SeededRandom random)
    {
        (_world, _gateway, _random, _name) = (world, gateway, random, $"subscriber{number}");
        Rest();
    }

    private void Rest() => _world.Time.After(_random.Exponential(ThinkTime), Act);

    private void Act()
    {
        if (_random.Chance(0.1))
        {
            _gateway = _random.Pick([.. _world.Gateways]);
        }

        Pull();
        switch (_random.Below(10))
        {
            case < 4:
                Publish();
                break;
            case 4:
                _gateway.Execute(new EventRoute(Rules(), null), null, null, _ => Rest());
                break;
            default:
                Rest();
                break;
        }
    }

    private void Pull()
    {
        // A gateway that is behind has nothing new yet.
        foreach (var item in _gateway.Peek(state => state.Events.After(_last).ToList()))
        {
            _world.Check.Oracle.Events.Received(_name, _last, item);
            _last = item.Sequence;
        }
    }

    private void Publish()
    {
        var topic = _random.Pick(["order.created", "order.noise", "stock.low"]);
        _gateway.Execute(new EventPublish(topic, "1"u8.ToArray()), null, null, outcome =>
        {
            if (outcome.Result is CommandResult.EventPublished { Sequence: { } sequence })
            {
                _world.Check.Oracle.Events.Acknowledged(_name, topic, sequence);
            }

            Rest();
        });
    }

    private RoutingRule[] Rules() => _random.Below(3) switch
    {
        0 => [],
        1 => [new RoutingRule("*.noise", RoutingAction.Drop, null)],
        _ => [new RoutingRule("order.*", RoutingAction.Forward, "audit.orders"), new RoutingRule("*.noise", RoutingAction.Drop, null)],
    };
}
