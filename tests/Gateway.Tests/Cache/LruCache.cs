namespace Quorate.Gateway.Tests.Cache;

/// <summary>The policy to beat: whatever was used least recently goes.</summary>
internal sealed class LruCache(long maxBytes)
{
    private readonly Dictionary<string, LinkedListNode<(string Key, long Size)>> _entries = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Key, long Size)> _order = new();
    private long _bytes;

    public bool Contains(string key)
    {
        if (!_entries.TryGetValue(key, out var node))
        {
            return false;
        }

        _order.Remove(node);
        _order.AddLast(node);
        return true;
    }

    public void Add(string key, long size)
    {
        _entries.Add(key, _order.AddLast((key, size)));
        _bytes += size;
        while (_bytes > maxBytes)
        {
            var oldest = _order.First!.Value;
            _order.RemoveFirst();
            _entries.Remove(oldest.Key);
            _bytes -= oldest.Size;
        }
    }
}
