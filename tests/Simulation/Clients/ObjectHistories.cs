using Quorate.Simulation.Checking;
using Quorate.Simulation.Running;

namespace Quorate.Simulation.Clients;

/// <summary>The histories of all objects of one kind. Objects are independent, so each is judged by itself.</summary>
/// <param name="kind">What such an object is called.</param>
/// <param name="reduce">Makes a history easier to judge, if there is a way.</param>
internal sealed class ObjectHistories<TState, TOperation>(
    History clock, string kind, IModel<TState, TOperation> model, Func<IReadOnlyList<Timed<TOperation>>, IReadOnlyList<Timed<TOperation>>>? reduce = null)
    where TState : notnull
{
    private readonly SortedDictionary<string, List<Timed<TOperation>>> _objects = new(StringComparer.Ordinal);

    /// <summary>Operations that were answered.</summary>
    public long Completed { get; private set; }

    public void Answered(string name, long called, TOperation operation)
    {
        Completed++;
        Of(name).Add(new Timed<TOperation>(called, clock.Call(), operation));
    }

    /// <summary>Nobody knows whether it happened.</summary>
    public void Unanswered(string name, long called, TOperation operation) =>
        Of(name).Add(new Timed<TOperation>(called, Timed<TOperation>.Never, operation));

    public void Check(CheckBudget budget)
    {
        foreach (var (name, history) in _objects)
        {
            var verdict = LinearizabilityChecker.Check(model, reduce?.Invoke(history) ?? history, budget);
            SimulationFailure.Unless(
                verdict == Verdict.Linearizable, Invariant.Linearizability, $"the history of {kind} {name}, {history.Count} operations, is {verdict}");
        }
    }

    private List<Timed<TOperation>> Of(string name)
    {
        if (!_objects.TryGetValue(name, out var history))
        {
            _objects[name] = history = [];
        }

        return history;
    }
}
