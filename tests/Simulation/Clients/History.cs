using Quorate.Simulation.Checking;
using Quorate.Simulation.Histories;
using Quorate.Simulation.Running;

namespace Quorate.Simulation.Clients;

/// <summary>What clients did to keys and what they were told, to be judged at the end of a run.</summary>
internal sealed class History
{
    /// <summary>Work for all keys of a run; far more than any sound run takes.</summary>
    private const long MaxSteps = 2_000_000;

    private readonly SortedDictionary<string, List<Timed<KeyOperation>>> _keys = new(StringComparer.Ordinal);
    private long _moment;

    /// <summary>Operations that were answered.</summary>
    public long Completed { get; private set; }

    /// <summary>A client calls. The answer is the moment, which orders the events of a run.</summary>
    public long Call() => ++_moment;

    public void Answered(string key, long called, KeyOperation operation)
    {
        Completed++;
        Of(key).Add(new Timed<KeyOperation>(called, ++_moment, operation));
    }

    /// <summary>Nobody knows whether it happened.</summary>
    public void Unanswered(string key, long called, KeyOperation operation) =>
        Of(key).Add(new Timed<KeyOperation>(called, Timed<KeyOperation>.Never, operation));

    public void Check()
    {
        var budget = new CheckBudget(MaxSteps);
        foreach (var (key, history) in _keys)
        {
            var verdict = LinearizabilityChecker.Check(new KeyModel(), history, budget);
            SimulationFailure.Unless(
                verdict == Verdict.Linearizable, Invariant.Linearizability, $"the history of key {key}, {history.Count} operations, is {verdict}");
        }
    }

    private List<Timed<KeyOperation>> Of(string key)
    {
        if (!_keys.TryGetValue(key, out var history))
        {
            _keys[key] = history = [];
        }

        return history;
    }
}
