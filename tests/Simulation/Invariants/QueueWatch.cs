using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Queues;
using Quorate.Core.StateMachine.Transactions;
using Quorate.Simulation.Running;

namespace Quorate.Simulation.Invariants;

/// <summary>
/// Every message of a queue is in exactly one place, what was acked is never delivered again, no receipt is given twice, and what a
/// client was told stands in the log.
/// </summary>
internal sealed class QueueWatch
{
    private readonly HashSet<(string Queue, long Message)> _enqueued = [];
    private readonly HashSet<(string Queue, long Message)> _acked = [];
    private readonly Dictionary<Receipt, string> _receipts = [];
    private readonly HashSet<Receipt> _received = [];

    /// <param name="command">Null for an entry that is none.</param>
    /// <param name="repeated">The answer of an earlier command was given again.</param>
    public void Applied(Command? command, CommandResult? result, ClusterState state, IReadOnlyList<StateEvent> events, bool repeated)
    {
        if (command is not null && !repeated)
        {
            Note(command, result!);
        }

        foreach (var change in events)
        {
            switch (change)
            {
                case StateEvent.QueueChanged { Name: var name } when state.Queues.Get(name) is { } queue:
                    Count(queue);
                    break;
                case StateEvent.QueueWaitEnded { Result: QueueResult.Delivered delivered } when delivered.Messages.Count > 0:
                    Deliver(QueueOf(state, delivered.Messages[0]), delivered.Messages);
                    break;
            }
        }
    }

    /// <summary>A client was told that its messages are in the queue.</summary>
    public void Acknowledged(string client, string queue, QueueResult.Enqueued enqueued)
    {
        foreach (var message in enqueued.Messages)
        {
            SimulationFailure.Unless(
                _enqueued.Contains((queue, message.Id)), Invariant.QueueConservation, $"{client} was told that {queue} has {message.Id}, which the log does not know");
        }
    }

    /// <summary>A client was given a message.</summary>
    public void Received(string client, string queue, QueueMessage message)
    {
        SimulationFailure.Unless(
            _receipts.GetValueOrDefault(message.Receipt) == queue && message.Consumer == client && _received.Add(message.Receipt),
            Invariant.QueueDelivery,
            $"{client} was given {message.Receipt} of {queue}, which the log does not give to it, or did before");
    }

    private void Note(Command command, CommandResult result)
    {
        switch (command, result)
        {
            case (Batch batch, CommandResult.Batched batched):
                NoteAll(batch.Commands, batched.Results);
                break;
            case (Transaction transaction, CommandResult.TransactionDone done):
                NoteAll(done.Succeeded ? transaction.Then : transaction.Else, done.Results);
                break;
            case (QueueCommand asked, _):
                Note(asked, result);
                break;
        }
    }

    private void NoteAll(IReadOnlyList<Command> commands, IReadOnlyList<CommandResult> results)
    {
        for (var i = 0; i < commands.Count; i++)
        {
            Note(commands[i], results[i]);
        }
    }

    private void Note(QueueCommand command, CommandResult result)
    {
        switch (result)
        {
            case QueueResult.Enqueued enqueued:
                _enqueued.UnionWith(enqueued.Messages.Select(message => (command.Name, message.Id)));
                break;
            case QueueResult.Delivered delivered:
                Deliver(command.Name, delivered.Messages);
                break;
            case QueueResult.Settled settled when command is QueueAck ack:
                _acked.UnionWith(ack.Receipts.Except(settled.Stale).Select(receipt => (command.Name, receipt.Message)));
                break;
        }
    }

    private void Deliver(string queue, IReadOnlyList<QueueMessage> messages)
    {
        foreach (var message in messages)
        {
            SimulationFailure.Unless(
                !_acked.Contains((queue, message.Id)), Invariant.QueueDelivery, $"{message.Id} of {queue} was acked, and is delivered again to {message.Consumer}");
            SimulationFailure.Unless(_receipts.TryAdd(message.Receipt, queue), Invariant.QueueDelivery, $"{message.Receipt} of {queue} is given twice");
        }
    }

    private static void Count(MessageQueue queue)
    {
        var counters = queue.Counters;
        var known = queue.Ready + queue.Delayed + queue.InFlight + counters.Acked + queue.Dead + counters.Purged + counters.Dropped;
        SimulationFailure.Unless(
            counters.Enqueued == known, Invariant.QueueConservation, $"{counters.Enqueued} messages came into {queue.Name}, but {known} are known of");
        SimulationFailure.Unless(
            queue.Ready == 0 || queue.Waiting == 0, Invariant.QueueDelivery, $"{queue.Name} has {queue.Ready} messages while {queue.Waiting} consumers wait");
    }

    private static string QueueOf(ClusterState state, QueueMessage message) => state.Queues.Range("")
        .First(queue => queue.Browse(MessageState.InFlight).Any(held => held.Id == message.Id)).Name;
}
