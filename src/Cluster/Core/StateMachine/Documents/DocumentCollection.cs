using Quorate.Core.Clocks;
using Quorate.Core.Collections;
using Quorate.Core.Replication.Regions;

namespace Quorate.Core.StateMachine.Documents;

/// <summary>Documents under one name, ordered by key (ordinal), and beside them what regions have to remember of each.</summary>
/// <remarks>
/// Invariants: 1. a key has a set of versions of its own only when one document does not say it all: several versions, or a deletion;
/// 2. a document that is shown as a fork of another key has no version of its own that is no deletion.
/// </remarks>
public sealed class DocumentCollection(string name, ConflictStrategy strategy, HlcTimestamp createdAt)
{
    private readonly CowTree<string, Document> _documents = new(StringComparer.Ordinal);
    private readonly CowTree<string, VersionSet> _versions = new(StringComparer.Ordinal);
    private readonly CowTree<string, string> _forks = new(StringComparer.Ordinal);

    public string Name => name;

    public ConflictStrategy Strategy { get; private set; } = strategy;

    /// <summary>When it was created with its strategy.</summary>
    public HlcTimestamp CreatedAt { get; private set; } = createdAt;

    /// <summary>Documents that can be read.</summary>
    public int Count => _documents.Count;

    /// <summary>Bytes of all values that can be read.</summary>
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

    /// <summary>The versions of a document of which none has seen another; deletions among them.</summary>
    public VersionSet Versions(string key) =>
        _versions.TryGet(key, out var set) ? set
        : Get(key) is { } document && ForkOf(key) is null ? VersionSet.Of(DocumentVersion.Of(document))
        : VersionSet.Empty;

    /// <summary>Whether a conflict is shown as documents of their own.</summary>
    internal bool HasForks => _forks.Count > 0;

    /// <summary>The key whose conflict a document comes from; null when it is no fork.</summary>
    public string? ForkOf(string key) => _forks.TryGet(key, out var origin) ? origin : null;

    /// <summary>Every key with its versions. The collection must not change meanwhile.</summary>
    public IEnumerable<KeyValuePair<string, VersionSet>> AllVersions() =>
        _documents.All()
            .Where(pair => ForkOf(pair.Key) is null && !_versions.TryGet(pair.Key, out _))
            .Select(pair => KeyValuePair.Create(pair.Key, VersionSet.Of(DocumentVersion.Of(pair.Value))))
            .Concat(OwnVersions());

    /// <summary>Keys of which one document does not say it all.</summary>
    internal IEnumerable<KeyValuePair<string, VersionSet>> OwnVersions() => _versions.All();

    internal void Set(Document document, string? forkOf = null)
    {
        Bytes += document.Value.Length - (Get(document.Key)?.Value.Length ?? 0);
        _documents.Set(document.Key, document);
        Mark(document.Key, forkOf);
    }

    internal void Remove(string key)
    {
        Bytes -= Get(key)?.Value.Length ?? 0;
        _documents.Remove(key);
        Mark(key, forkOf: null);
    }

    /// <summary>Remembers the versions of a key, when the document that is shown does not say it all.</summary>
    internal void Keep(string key, VersionSet set)
    {
        if (set.IsEmpty || set.Single is not null)
        {
            _versions.Remove(key);
        }
        else
        {
            _versions.Set(key, set);
        }
    }

    /// <summary>The latest of two strategies counts, whatever the order in which they come.</summary>
    internal bool Join(ConflictStrategy strategy, HlcTimestamp at)
    {
        if (at < CreatedAt || (at == CreatedAt && strategy <= Strategy))
        {
            return false;
        }

        var differs = strategy != Strategy;
        (Strategy, CreatedAt) = (strategy, at);
        return differs;
    }

    internal FrozenCollection Freeze() => new(name, Strategy, CreatedAt, _documents.Freeze(), _versions.Freeze(), _forks.Freeze());

    private void Mark(string key, string? forkOf)
    {
        if (forkOf is not null)
        {
            _forks.Set(key, forkOf);
        }
        else if (_forks.Count > 0)
        {
            _forks.Remove(key);
        }
    }
}

/// <summary>A collection as it was after one entry.</summary>
internal sealed record FrozenCollection(
    string Name,
    ConflictStrategy Strategy,
    HlcTimestamp CreatedAt,
    CowTree<string, Document>.Frozen Documents,
    CowTree<string, VersionSet>.Frozen Versions,
    CowTree<string, string>.Frozen Forks);
