using Quorate.Core.Clocks;
using Quorate.Core.Collections;

namespace Quorate.Core.StateMachine.Documents;

/// <summary>Documents under one name, ordered by key (ordinal).</summary>
/// <param name="createdAt">When it was created.</param>
public sealed class DocumentCollection(string name, ConflictStrategy strategy, HlcTimestamp createdAt)
{
    private readonly CowTree<string, Document> _documents = new(StringComparer.Ordinal);

    public string Name => name;

    public ConflictStrategy Strategy => strategy;

    public HlcTimestamp CreatedAt => createdAt;

    public int Count => _documents.Count;

    /// <summary>Bytes of all values.</summary>
    public long Bytes { get; private set; }

    public Document? Get(string key) => _documents.TryGet(key, out var document) ? document : null;

    /// <summary>Documents by key with a prefix, from <paramref name="from"/> (excluded) on. The collection must not change meanwhile.</summary>
    public IEnumerable<Document> Range(string prefix, string? from = null)
    {
        var start = from is not null && string.CompareOrdinal(from, prefix) > 0 ? from : prefix;
        return _documents.From(start)
            .TakeWhile(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Where(pair => pair.Key != from)
            .Select(pair => pair.Value);
    }

    internal void Set(Document document)
    {
        Bytes += document.Value.Length - (Get(document.Key)?.Value.Length ?? 0);
        _documents.Set(document.Key, document);
    }

    internal void Remove(string key)
    {
        Bytes -= Get(key)?.Value.Length ?? 0;
        _documents.Remove(key);
    }

    internal FrozenCollection Freeze() => new(name, strategy, createdAt, _documents.Freeze());
}

/// <summary>A collection as it was after one entry.</summary>
internal sealed record FrozenCollection(string Name, ConflictStrategy Strategy, HlcTimestamp CreatedAt, CowTree<string, Document>.Frozen Documents);
