using Quorate.Core.Collections;

namespace Quorate.Core.StateMachine.Locks;

/// <summary>
/// The flight recorder: what happened to each lock lately. A lock that nobody uses any more keeps its history until
/// <see cref="LockTable.KeptHistories"/> others have changed since.
/// </summary>
internal sealed class LockRecorder
{
    private readonly CowTree<string, LockHistory> _histories = new(StringComparer.Ordinal);
    private readonly SortedSet<(long Index, string Lock)> _byAge = new(Comparer<(long, string)>.Create(CompareAge));

    public LockHistory? Get(string name) => _histories.TryGet(name, out var history) ? history : null;

    public CowTree<string, LockHistory>.Frozen Freeze() => _histories.Freeze();

    public void Add(string name, LockTransitionKind kind, string owner, LockMode mode, long token, in ApplyContext context)
    {
        var before = Get(name);
        Store(
            (before ?? new LockHistory(name)).Add(new LockTransition(context.Index, context.Time, kind, owner, mode, token)),
            before);
        if (_histories.Count > LockTable.KeptHistories)
        {
            var oldest = _byAge.Min;
            _byAge.Remove(oldest);
            _histories.Remove(oldest.Lock);
        }
    }

    public void Restore(LockHistory history) => Store(history, null);

    private void Store(LockHistory history, LockHistory? before)
    {
        _histories.Set(history.Name, history);
        if (before?.LastIndex == history.LastIndex)
        {
            return;
        }

        if (before is not null)
        {
            _byAge.Remove((before.LastIndex, before.Name));
        }

        _byAge.Add((history.LastIndex, history.Name));
    }

    private static int CompareAge((long Index, string Lock) a, (long Index, string Lock) b)
    {
        var byIndex = a.Index.CompareTo(b.Index);
        return byIndex != 0 ? byIndex : string.CompareOrdinal(a.Lock, b.Lock);
    }
}
