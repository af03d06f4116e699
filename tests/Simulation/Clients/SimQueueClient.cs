using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Queues;
using Quorate.Simulation.Running;
using Quorate.Simulation.Time;

namespace Quorate.Simulation.Clients;

/// <summary>
/// Enqueues, takes, acks and gives back, one thing after the other. What it is told is compared with what the log says
/// (<see cref="Invariants.QueueWatch"/>): nothing acknowledged is lost, and nobody else was given the same delivery.
/// </summary>
internal sealed class SimQueueClient
{
    private const int Queues = 2;
    private const double ThinkTime = 40 * Duration.Millisecond;

    private readonly World _world;
    private readonly SimGateway _gateway;
    private readonly SeededRandom _random;
    private readonly string _name;
    private readonly List<(string Queue, Receipt Receipt)> _held = [];
    private int _requests;
    private bool _hasBegun;

    public SimQueueClient(World world, int number, SimGateway gateway, SeededRandom random)
    {
        (_world, _gateway, _random, _name) = (world, gateway, random, $"worker{number}");
        Rest();
    }

    private void Rest() => _world.Time.After(_random.Exponential(ThinkTime), Act);

    private void Act()
    {
        var queue = $"q{_random.Below(Queues)}";
        if (!_hasBegun)
        {
            Configure();
            return;
        }

        switch (_random.Below(10))
        {
            case < 4:
                Enqueue(queue);
                break;
            case < 7:
                Dequeue(queue);
                break;
            default:
                Settle(queue);
                break;
        }
    }

    private void Configure()
    {
        var settings = new QueueSettings(
            MaxDeliveries: 1 + _random.Below(4),
            VisibilityMs: _random.Between(100, 2_000),
            MaxLength: _random.Pick<long?>([null, 10]),
            MaxBytes: null,
            _random.Pick([QueueOverflow.Reject, QueueOverflow.DropOldest]),
            DedupWindowMs: 1_000);
        _gateway.Execute(
            new Batch([.. Enumerable.Range(0, Queues).Select(number => new QueueConfigure($"q{number}", settings))]),
            null,
            null,
            outcome =>
            {
                _hasBegun = outcome.Result is not null;
                Rest();
            });
    }

    private void Enqueue(string queue)
    {
        var messages = Enumerable.Range(0, 1 + _random.Below(3)).Select(_ => new NewMessage(
            new[] { (byte)_random.Below(256) },
            (byte)_random.Below(10),
            _random.Pick<long>([0, 0, 0, 300]),
            _random.Chance(0.2) ? $"d{_random.Below(5)}" : null,
            [])).ToArray();
        var key = _random.Chance(0.3) ? $"{_name}-{++_requests}" : null;
        _gateway.Execute(new QueueEnqueue(queue, messages), null, key, outcome =>
        {
            Told(queue, outcome.Result);
            Rest();
        });
    }

    private void Dequeue(string queue)
    {
        var dequeue = new QueueDequeue(queue, _name, 1 + _random.Below(3), null, _random.Pick<long>([0, 300, 1_500]));
        _gateway.Execute(dequeue, null, null, outcome =>
        {
            Told(queue, outcome.Result);
            Rest();
        });
    }

    private void Told(string queue, CommandResult? result)
    {
        switch (result)
        {
            case QueueResult.Enqueued enqueued:
                _world.Check.Oracle.Queues.Acknowledged(_name, queue, enqueued);
                break;
            case QueueResult.Delivered delivered:
                foreach (var message in delivered.Messages)
                {
                    _world.Check.Oracle.Queues.Received(_name, queue, message);
                    _held.Add((queue, message.Receipt));
                }

                break;
            case CommandResult.Batched batched:
                foreach (var part in batched.Results)
                {
                    Told(queue, part);
                }

                break;
        }
    }

    private void Settle(string queue)
    {
        Receipt[] receipts = [.. _held.Where(held => held.Queue == queue).Select(held => held.Receipt)];
        if (receipts.Length == 0)
        {
            Rest();
            return;
        }

        _held.RemoveAll(held => held.Queue == queue);
        Command command = _random.Below(10) switch
        {
            < 4 => new QueueAck(queue, receipts),
            < 7 => new Batch([new QueueAck(queue, receipts), new QueueEnqueue(queue, [new NewMessage("1"u8.ToArray(), 0, 0, null, [])]), new QueueDequeue(queue, _name, 2, null, 0)]),
            < 9 => new QueueNack(queue, receipts, _random.Pick<long>([0, 200])),
            _ => new QueueRedrive(queue, null, null),
        };
        _gateway.Execute(command, null, null, outcome =>
        {
            Told(queue, outcome.Result);
            Rest();
        });
    }
}
