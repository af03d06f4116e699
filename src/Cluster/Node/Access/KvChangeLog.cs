using Quorate.Core.StateMachine;

namespace Quorate.Node.Access;

/// <summary>
/// Every single change of every key, in the order of the log, as far back as memory for it goes: what watchers are served from.
/// Guarded by the mirror's lock.
/// </summary>
public sealed class KvChangeLog
{
    /// <summary>Changes remembered.</summary>
    public const int Capacity = 16_384;

    /// <summary>Bytes of values that they may hold.</summary>
    public const long MaxBytes = 32L << 20;

    private readonly StateEvent.KvChanged[] _ring = new StateEvent.KvChanged[Capacity];
    private int _start;
    private long _bytes;

    /// <summary>Changes after this revision are all there; <see cref="long.MaxValue"/> before anything is known.</summary>
    public long Since { get; private set; } = long.MaxValue;

    public int Count { get; private set; }

    public StateEvent.KvChanged this[int position] => _ring[(_start + position) % Capacity];

    /// <summary>Notes what a batch changed. Called with the mirror locked.</summary>
    public void Note(MirrorChange change)
    {
        if (change.Restored || Since == long.MaxValue)
        {
            Clear();
            Since = change.Index.Value;
        }
        else
        {
            foreach (var item in change.Events)
            {
                if (item is StateEvent.KvChanged changed)
                {
                    Add(changed);
                }
            }
        }
    }

    /// <summary>The position of the first change after a revision.</summary>
    public int After(long revision)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (this[middle].Revision > revision)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }

    private void Add(StateEvent.KvChanged change)
    {
        while (Count > 0 && (Count == Capacity || _bytes > MaxBytes))
        {
            var oldest = _ring[_start];
            _ring[_start] = null!;
            _start = (_start + 1) % Capacity;
            Count--;
            _bytes -= oldest.Item?.Value.Length ?? 0;
            Since = oldest.Revision;
        }

        _ring[(_start + Count) % Capacity] = change;
        Count++;
        _bytes += change.Item?.Value.Length ?? 0;
    }

    private void Clear()
    {
        Array.Clear(_ring);
        _start = 0;
        Count = 0;
        _bytes = 0;
    }
}
