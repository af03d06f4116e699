using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Kv;
using Quorate.Node.Access;
using Quorate.Simulation.Running;

namespace Quorate.Simulation.Invariants;

/// <summary>
/// A watcher of keys is told every change once and in order, wherever it goes on; or that it missed some, which may only happen when some
/// are no longer kept, or where the gateway is behind and can reach nobody.
/// </summary>
internal sealed class KeyWatch
{
    /// <summary>Of a key with so many changes one may be forgotten: its history is a ring, and an end that is taken back leaves a gap.</summary>
    private const int MayBeForgotten = KvTable.KeptRevisions - 3;

    private readonly List<StateEvent.KvChanged> _changes = [];

    public void Applied(IReadOnlyList<StateEvent> events) => _changes.AddRange(events.OfType<StateEvent.KvChanged>());

    /// <summary>A watcher that has everything up to <paramref name="from"/> was told what follows.</summary>
    /// <param name="step">Null: that there is nothing.</param>
    /// <param name="applied">How far the gateway was.</param>
    /// <param name="caughtUp">Whether the gateway was at least as far as the watcher, or could have been.</param>
    public void Told(string client, string prefix, long from, KvWatchStep? step, long applied, bool caughtUp)
    {
        var until = step?.Version ?? applied;
        var happened = Between(prefix, from, until);
        if (step is { Changes: null })
        {
            var mostOfOne = happened.GroupBy(change => change.Key).Select(each => each.Count()).DefaultIfEmpty().Max();
            SimulationFailure.Unless(
                from > applied ? !caughtUp : mostOfOne >= MayBeForgotten,
                Invariant.WatchGapFree,
                $"{client} is told that it missed something after {from}, where every change up to {until} is kept");
            return;
        }

        var told = step?.Changes ?? [];
        SimulationFailure.Unless(
            until >= from && until <= applied && told.Count <= happened.Count && Shown(told).SequenceEqual(Shown(happened)),
            Invariant.WatchGapFree,
            $"{client} has everything up to {from} and is told [{string.Join(", ", Shown(told))}] up to {until}, where the log has [{string.Join(", ", Shown(happened))}]");
    }

    private List<StateEvent.KvChanged> Between(string prefix, long from, long until)
    {
        var found = new List<StateEvent.KvChanged>();
        for (var i = _changes.Count - 1; i >= 0 && _changes[i].Revision > from; i--)
        {
            if (_changes[i].Revision <= until && _changes[i].Key.StartsWith(prefix, StringComparison.Ordinal))
            {
                found.Add(_changes[i]);
            }
        }

        found.Reverse();
        return found;
    }

    /// <summary>In the order told; but within one entry only what it made of each key in the end counts, in the order of keys.</summary>
    private static IEnumerable<string> Shown(IReadOnlyList<StateEvent.KvChanged> changes) =>
        from byEntry in Runs(changes)
        from last in byEntry.GroupBy(change => change.Key).OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => each.Last())
        select $"{last.Revision} {last.Key} {last.Change} {last.Item?.Version} {Convert.ToHexString((last.Item?.Value ?? default).Span)}";

    /// <summary>Changes of the same entry that follow each other.</summary>
    private static IEnumerable<List<StateEvent.KvChanged>> Runs(IReadOnlyList<StateEvent.KvChanged> changes)
    {
        for (var i = 0; i < changes.Count;)
        {
            var run = changes.Skip(i).TakeWhile(change => change.Revision == changes[i].Revision).ToList();
            i += run.Count;
            yield return run;
        }
    }
}
