using Quorate.Simulation.Checking;
using Quorate.Simulation.Histories;

namespace Quorate.Simulation.Clients;

/// <summary>What clients did and what they were told, to be judged at the end of a run.</summary>
internal sealed class History
{
    /// <summary>Work for everything there is in a run; far more than any sound run takes.</summary>
    private const long MaxSteps = 2_000_000;

    private long _moment;

    public History()
    {
        Keys = new(this, "key", new KeyModel());
        Locks = new(this, "lock", new LockModel());
        Queues = new(this, "queue", new QueueModel(), QueueHistory.Reduce);
    }

    public ObjectHistories<string, KeyOperation> Keys { get; }

    public ObjectHistories<LockModelState, LockOperation> Locks { get; }

    public ObjectHistories<ValueList<QueuedMessage>, QueueOperation> Queues { get; }

    /// <summary>Operations that were answered.</summary>
    public long Completed => Keys.Completed + Locks.Completed + Queues.Completed;

    /// <summary>A client calls, or is answered. The answer is the moment, which orders the events of a run.</summary>
    public long Call() => ++_moment;

    public void Check()
    {
        var budget = new CheckBudget(MaxSteps);
        Keys.Check(budget);
        Locks.Check(budget);
        Queues.Check(budget);
    }
}
