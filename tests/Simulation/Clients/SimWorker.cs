using System.Text;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Queues;
using Quorate.Simulation.Histories;
using Quorate.Simulation.Running;
using Quorate.Simulation.Time;

namespace Quorate.Simulation.Clients;

/// <summary>
/// Enqueues, takes, acks and gives back one message at a time, and notes what it is told. No delivery of its queue times out, so that the
/// history leaves nothing to time; timeouts are <see cref="SimQueueClient"/>'s.
/// </summary>
internal sealed class SimWorker
{
    private const string Queue = "history";
    private const double ThinkTime = 50 * Duration.Millisecond;

    // Far beyond what clocks jump by in a run.
    private const long VisibilityMs = 30L * 24 * 60 * 60 * 1000;

    private static readonly QueueSettings Settings = QueueSettings.Default with { MaxDeliveries = 1_000_000, VisibilityMs = VisibilityMs };

    private readonly World _world;
    private readonly SimGateway _gateway;
    private readonly SeededRandom _random;
    private readonly string _name;
    private (string Message, Receipt Receipt)? _held;
    private int _messages;
    private bool _hasBegun;

    public SimWorker(World world, int number, SimGateway gateway, SeededRandom random)
    {
        (_world, _gateway, _random, _name) = (world, gateway, random, $"hand{number}");
        Rest();
    }

    private void Rest() => _world.Time.After(_random.Exponential(ThinkTime), Act);

    private void Act()
    {
        if (!_hasBegun)
        {
            Configure();
        }
        else if (_held is var (message, receipt))
        {
            Settle(message, receipt);
        }
        else if (_random.Chance(0.5))
        {
            Enqueue();
        }
        else
        {
            Dequeue();
        }
    }

    private void Configure() => _gateway.Execute(new QueueConfigure(Queue, Settings), null, null, outcome =>
    {
        _hasBegun = outcome.Result is not null;
        Rest();
    });

    private void Enqueue()
    {
        var operation = new QueueOperation(QueueAction.Enqueue, $"{_name}.{++_messages}", _random.Pick([0, 0, 5]));
        var message = new NewMessage(Encoding.UTF8.GetBytes(operation.Message), (byte)operation.Priority, DelayMs: 0, DedupId: null, Headers: []);
        Execute(operation, new QueueEnqueue(Queue, [message]), _ => operation with { Succeeded = true });
    }

    private void Dequeue()
    {
        var asked = new QueueOperation(QueueAction.Dequeue, QueueModel.None);
        Execute(asked, new QueueDequeue(Queue, _name, 1, null, _random.Pick<long>([0, 300, 1_500])), result =>
        {
            if (((QueueResult.Delivered)result).Messages is not [var message])
            {
                return asked with { Succeeded = true };
            }

            _held = (Encoding.UTF8.GetString(message.Body.Span), message.Receipt);
            return asked with { Message = _held.Value.Message, Delivery = message.Delivery, Succeeded = true };
        });
    }

    private void Settle(string message, Receipt receipt)
    {
        _held = null;
        var acks = _random.Chance(0.75);
        var operation = new QueueOperation(acks ? QueueAction.Ack : QueueAction.Nack, message, Delivery: receipt.Delivery);
        QueueCommand command = acks ? new QueueAck(Queue, [receipt]) : new QueueNack(Queue, [receipt], DelayMs: 0);
        Execute(operation, command, result => operation with { Succeeded = ((QueueResult.Settled)result).Count == 1 });
    }

    private void Execute(QueueOperation operation, QueueCommand command, Func<CommandResult, QueueOperation> read)
    {
        var called = _world.History.Call();
        _gateway.Execute(command, null, null, outcome =>
        {
            if (outcome.Result is { } result)
            {
                var answered = read(result);
                _world.Trace.Note(called, answered.Delivery, 7, $"{_name}: {answered}");
                _world.History.Queues.Answered(Queue, called, answered);
            }
            else if (outcome.MayHaveHappened)
            {
                _world.Trace.Note(called, 0, 8, $"{_name}: {operation} has no answer");
                _world.History.Queues.Unanswered(Queue, called, operation);
            }

            Rest();
        });
    }
}
