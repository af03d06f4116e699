using Quorate.Core.StateMachine;
using Quorate.Simulation.Clients;
using Quorate.Simulation.Running;

namespace Quorate.Simulation.Invariants;

/// <summary>
/// The transactions of <see cref="SimTransactor"/> write two keys, enqueue a message and publish an event, or ack a message and write a key.
/// Whoever looks at a state, anywhere and at any time, counts as many of the one as of the other.
/// </summary>
internal sealed class TransactionWatch
{
    private readonly HashSet<long> _done = [];

    public void Applied(CommandResult result, ClusterState state)
    {
        if (result is CommandResult.TransactionDone done)
        {
            _done.Add(done.Index);
        }

        IsWhole("the log", state);
    }

    /// <summary>A client was told that its transaction was done.</summary>
    public void Acknowledged(string client, long index) => SimulationFailure.Unless(
        _done.Contains(index), Invariant.TransactionsWhole, $"{client} was told that its transaction was done at entry {index}, where the log has none");

    public static void IsWhole(string who, ClusterState state)
    {
        if (state.Queues.Get(SimTransactor.Queue) is not { } queue)
        {
            return;
        }

        var (first, second) = (state.Kv.Get(SimTransactor.FirstKey), state.Kv.Get(SimTransactor.SecondKey));
        var events = state.Events.Topics().FirstOrDefault(topic => topic.Topic == SimTransactor.Topic)?.Published ?? 0;
        SimulationFailure.Unless(
            first?.Revision == second?.Revision && (first?.Version ?? 0) == queue.Counters.Enqueued && events == queue.Counters.Enqueued,
            Invariant.TransactionsWhole,
            $"{who} sees {first?.Version} and {second?.Version} writes, {queue.Counters.Enqueued} messages and {events} events");
        var settled = state.Kv.Get(SimTransactor.AckedKey)?.Version ?? 0;
        SimulationFailure.Unless(
            settled == queue.Counters.Acked, Invariant.TransactionsWhole, $"{who} sees {settled} writes for {queue.Counters.Acked} acks");
    }
}
