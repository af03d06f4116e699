using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Events;
using Quorate.Core.StateMachine.Kv;
using Quorate.Core.StateMachine.Queues;
using Quorate.Core.StateMachine.Transactions;
using Quorate.Simulation.Invariants;
using Quorate.Simulation.Running;
using Quorate.Simulation.Time;

namespace Quorate.Simulation.Clients;

/// <summary>
/// Runs transactions over keys, a queue and events, of which some are refused in their last operation because the queue is full or the
/// receipt is void, and looks at the state of its gateway, where each is seen wholly or not at all.
/// </summary>
internal sealed class SimTransactor
{
    public const string FirstKey = "whole/first";
    public const string SecondKey = "whole/second";
    public const string AckedKey = "whole/acked";
    public const string Queue = "whole";
    public const string Topic = "whole";

    private const double ThinkTime = 50 * Duration.Millisecond;

    private static readonly QueueSettings Settings = QueueSettings.Default with { VisibilityMs = 200, MaxLength = 4, MaxDeliveries = 1_000_000 };

    private readonly World _world;
    private readonly SimGateway _gateway;
    private readonly SeededRandom _random;
    private readonly string _name;
    private Receipt? _receipt;
    private long _seen;
    private int _requests;
    private bool _hasBegun;

    public SimTransactor(World world, int number, SimGateway gateway, SeededRandom random)
    {
        (_world, _gateway, _random, _name) = (world, gateway, random, $"transactor{number}");
        Rest();
    }

    private void Rest() => _world.Time.After(_random.Exponential(ThinkTime), Act);

    private void Act()
    {
        if (!_hasBegun)
        {
            Execute(new QueueConfigure(Queue, Settings), result => _hasBegun = result is not null);
        }
        else if (_random.Chance(0.2))
        {
            Look();
        }
        else if (_receipt is { } receipt)
        {
            _receipt = null;
            Run(new Transaction([], [new KvPut(AckedKey, null, null, Value()), new QueueAck(Queue, [receipt])], []));
        }
        else if (_random.Chance(0.4))
        {
            var dequeue = new QueueDequeue(Queue, _name, 1, null, 0);
            Execute(dequeue, result => _receipt = result is QueueResult.Delivered { Messages: [var message] } ? message.Receipt : null);
        }
        else
        {
            Write();
        }
    }

    private void Look() => _gateway.Read(state =>
    {
        if (state is not null)
        {
            TransactionWatch.IsWhole(_name, state);
            _seen = state.Kv.Get(FirstKey)?.Revision ?? 0;
        }

        Rest();
    });

    private void Write()
    {
        var value = Value();
        Command[] all =
        [
            new KvPut(FirstKey, null, null, value),
            new EventPublish(Topic, value),
            new KvPut(SecondKey, null, null, value),
            new QueueEnqueue(Queue, [new NewMessage(value, 0, 0, null, [])]),
        ];
        Run(_random.Chance(0.3)
            ? new Transaction([new KvCondition(FirstKey, KvField.Revision, Relation.Equal, _seen)], all, [new KvRead(FirstKey)])
            : new Transaction([], all, []));
    }

    private void Run(Transaction transaction) => Execute(transaction, result =>
    {
        if (result is CommandResult.TransactionDone done)
        {
            _world.Check.Oracle.Transactions.Acknowledged(_name, done.Index);
        }
    });

    private void Execute(Command command, Action<CommandResult?> answer)
    {
        var key = _random.Chance(0.3) ? $"{_name}-{++_requests}" : null;
        _gateway.Execute(command, null, key, outcome =>
        {
            answer(outcome.Result);
            Rest();
        });
    }

    private byte[] Value() => [(byte)_random.Below(256)];
}
