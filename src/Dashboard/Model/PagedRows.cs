using System.Collections.Immutable;
using Quorate.Contracts;
using Quorate.Contracts.Live;
using Quorate.Contracts.Locks;

namespace Quorate.Dashboard.Model;

/// <summary>The locks that were read page by page because the live topic begins with only the first 1000; kept current by its changes.</summary>
/// <remarks>A change that arrives while a page is on its way counts for that page too: the page may be older than the change.</remarks>
public sealed class LockBrowser
{
    private readonly HashSet<string> _removedMeanwhile = new(StringComparer.Ordinal);

    public ImmutableDictionary<string, LockView> Locks { get; private set; } = ImmutableDictionary.Create<string, LockView>(StringComparer.Ordinal);

    /// <summary>Where the next page begins; null before the first and after the last.</summary>
    public string? NextCursor { get; private set; }

    /// <summary>All pages have been read.</summary>
    public bool Complete { get; private set; }

    /// <summary>A page is asked for.</summary>
    public void Begin() => _removedMeanwhile.Clear();

    /// <summary>Adds the page that was asked for; what the live topic has said about a lock meanwhile stands.</summary>
    public void Append(Page<LockView> page)
    {
        Locks = Locks.AddRange(page.Items
            .Where(item => !Locks.ContainsKey(item.Name) && !_removedMeanwhile.Contains(item.Name))
            .Select(item => KeyValuePair.Create(item.Name, item)));
        NextCursor = page.NextCursor;
        Complete = page.NextCursor is null;
    }

    public void Apply(LocksPayload change)
    {
        _removedMeanwhile.UnionWith(change.Removed);
        _removedMeanwhile.ExceptWith(change.Items.Select(item => item.Name));
        Locks = Locks.RemoveRange(change.Removed).SetItems(change.Items.Select(item => KeyValuePair.Create(item.Name, item)));
    }
}
