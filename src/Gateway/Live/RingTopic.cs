namespace Quorate.Gateway.Live;

/// <summary>A topic that is a stream of items: the newest are kept, each item is one version.</summary>
/// <param name="capacity">Items kept.</param>
/// <param name="first">The version before the first item; later gateways begin higher, so that versions never repeat.</param>
/// <param name="payload">Wraps items, oldest first.</param>
public sealed class RingTopic<T>(string name, int capacity, long first, Func<IReadOnlyList<T>, object> payload) : ITopic
{
    private readonly Queue<T> _items = new();
    private readonly Lock _gate = new();
    private long _version = first;

    public string Name => name;

    public long Version => Interlocked.Read(ref _version);

    /// <param name="make">Makes the item, given its version.</param>
    public void Add(Func<long, T> make)
    {
        lock (_gate)
        {
            _items.Enqueue(make(_version + 1));
            while (_items.Count > capacity)
            {
                _items.Dequeue();
            }

            Interlocked.Increment(ref _version);
        }
    }

    public TopicRead Snapshot()
    {
        lock (_gate)
        {
            return new TopicRead(_version, payload([.. _items]), IsDelta: false);
        }
    }

    public TopicRead? Since(long version)
    {
        lock (_gate)
        {
            var missing = _version - version;
            if (missing == 0)
            {
                return null;
            }

            return missing < 0 || missing > _items.Count
                ? new TopicRead(_version, payload([.. _items]), IsDelta: false, Missed: Math.Max(missing - _items.Count, 0))
                : new TopicRead(_version, payload([.. _items.Skip(_items.Count - (int)missing)]), IsDelta: true);
        }
    }
}
