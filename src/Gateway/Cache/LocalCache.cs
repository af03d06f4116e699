namespace Quorate.Gateway.Cache;

/// <summary>
/// Values by key within a bound of bytes, kept by how often they are asked for (W-TinyLFU; docs/adr/0008 has the measurement that speaks for it).
/// <code>
///   new ──▶ window (1 %, least recent out) ──▶ asked for more often than the victim? ──no──▶ gone
///                                                  │ yes
///                                                  ▼
///                          probation ◀──(least recent)── protected (80 % of the rest)
///                              └───────(asked for again)──────▲
/// </code>
/// A key that is new gets a chance in the window; a scan of many keys that nobody asks for twice passes through it and leaves the rest alone.
/// </summary>
/// <typeparam name="T">What is kept.</typeparam>
/// <param name="maxBytes">Bound of the sum of all sizes.</param>
/// <param name="sizeOf">Bytes that a value counts for.</param>
internal sealed class LocalCache<T>(long maxBytes, Func<string, T, long> sizeOf)
{
    private const int WindowShare = 100;
    private const double ProtectedShare = 0.8;

    // The sketch distinguishes this many keys at most: 2 MiB of counters.
    private const int MaxSketchedKeys = 1 << 20;
    private const int TypicalSize = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = new(StringComparer.Ordinal);
    private readonly FrequencySketch _sketch = new((int)Math.Clamp(maxBytes / TypicalSize, TypicalSize, MaxSketchedKeys));
    private readonly Segment _window = new(maxBytes / WindowShare);
    private readonly Segment _probation = new(long.MaxValue);
    private readonly Segment _protected = new((long)((maxBytes - (maxBytes / WindowShare)) * ProtectedShare));
    private readonly long _mainBytes = maxBytes - (maxBytes / WindowShare);
    private (long Evicted, long Rejected, long Removed) _counts;

    public (long Entries, long Bytes, long Evicted, long Rejected, long Removed) Figures
    {
        get
        {
            lock (_gate)
            {
                return (_entries.Count, _window.Bytes + _probation.Bytes + _protected.Bytes, _counts.Evicted, _counts.Rejected, _counts.Removed);
            }
        }
    }

    /// <summary>Looks a key up. Every call counts as interest in the key, whether it is here or not.</summary>
    public bool TryGet(string key, out T value)
    {
        var hash = FrequencySketch.Hash(key);
        lock (_gate)
        {
            _sketch.Count(hash);
            if (!_entries.TryGetValue(key, out var node))
            {
                value = default!;
                return false;
            }

            Touch(node);
            value = node.Value.Value;
            return true;
        }
    }

    /// <summary>Takes a value in, or replaces it. It may be turned away at once.</summary>
    public void Set(string key, T value)
    {
        var entry = new Entry(key, FrequencySketch.Hash(key), value, sizeOf(key, value), _window);
        lock (_gate)
        {
            if (_entries.Remove(key, out var former))
            {
                former.Value.Segment.Remove(former);
            }

            var node = new LinkedListNode<Entry>(entry);
            _entries.Add(key, node);
            _window.Add(node);
            while (_window.IsOverfull)
            {
                Admit(_window.Oldest!);
            }
        }
    }

    public void Remove(string key)
    {
        lock (_gate)
        {
            if (_entries.Remove(key, out var node))
            {
                node.Value.Segment.Remove(node);
                _counts.Removed++;
            }
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _counts.Removed += _entries.Count;
            _entries.Clear();
            _window.Clear();
            _probation.Clear();
            _protected.Clear();
        }
    }

    private void Touch(LinkedListNode<Entry> node)
    {
        if (node.Value.Segment != _probation)
        {
            node.Value.Segment.Renew(node);
            return;
        }

        _probation.Remove(node);
        _protected.Add(node);
        while (_protected.IsOverfull && _protected.Oldest is { } demoted && demoted != node)
        {
            _protected.Remove(demoted);
            _probation.Add(demoted);
        }
    }

    /// <summary>What leaves the window must be asked for more often than each of those it would replace.</summary>
    private void Admit(LinkedListNode<Entry> candidate)
    {
        _window.Remove(candidate);
        var frequency = _sketch.Estimate(candidate.Value.Hash);
        while (_probation.Bytes + _protected.Bytes + candidate.Value.Size > _mainBytes)
        {
            var victim = _probation.Oldest ?? _protected.Oldest;
            if (victim is null || candidate.Value.Size > _mainBytes || frequency <= _sketch.Estimate(victim.Value.Hash))
            {
                _entries.Remove(candidate.Value.Key);
                _counts.Rejected++;
                return;
            }

            victim.Value.Segment.Remove(victim);
            _entries.Remove(victim.Value.Key);
            _counts.Evicted++;
        }

        _probation.Add(candidate);
    }

    private sealed record Entry(string Key, ulong Hash, T Value, long Size, Segment First)
    {
        public Segment Segment { get; set; } = First;
    }

    /// <summary>Entries, the most recently used last.</summary>
    private sealed class Segment(long maxBytes)
    {
        private readonly LinkedList<Entry> _order = new();

        public long Bytes { get; private set; }

        public bool IsOverfull => Bytes > maxBytes;

        public LinkedListNode<Entry>? Oldest => _order.First;

        public void Add(LinkedListNode<Entry> node)
        {
            node.Value.Segment = this;
            Bytes += node.Value.Size;
            _order.AddLast(node);
        }

        public void Remove(LinkedListNode<Entry> node)
        {
            Bytes -= node.Value.Size;
            _order.Remove(node);
        }

        public void Renew(LinkedListNode<Entry> node)
        {
            _order.Remove(node);
            _order.AddLast(node);
        }

        public void Clear()
        {
            _order.Clear();
            Bytes = 0;
        }
    }
}
