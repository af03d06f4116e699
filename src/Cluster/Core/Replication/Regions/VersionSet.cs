using Quorate.Core.Clocks;

namespace Quorate.Core.Replication.Regions;

/// <summary>The versions of a document of which none has seen another. Immutable; taking versions in is a join, in any order and however often.</summary>
public sealed class VersionSet
{
    public static readonly VersionSet Empty = new([]);

    // Ordered by region (ordinal), then by number, then by time, which differs where a restored region gave a number again. A region's own changes
    // have all seen each other, so there is one for each but where a drop of the collection waits for an operator: what the region wrote after it
    // has not seen what the drop deleted.
    private readonly DocumentVersion[] _versions;

    private VersionSet(DocumentVersion[] versions) => _versions = versions;

    /// <summary>By region, in ordinal order, then by number.</summary>
    public IReadOnlyList<DocumentVersion> Versions => _versions;

    internal ReadOnlySpan<DocumentVersion> AsSpan() => _versions;

    public bool IsEmpty => _versions.Length == 0;

    /// <summary>Whether something would be lost if one of them were taken: they differ in value.</summary>
    public bool IsConflict => _versions.Length > 1 && Array.Exists(_versions, version => !version.HasSameValue(_versions[0]));

    /// <summary>What has seen all of them.</summary>
    public VectorClock Clock => _versions is [var only] ? only.Clock : _versions.Aggregate(VectorClock.Empty, (clock, version) => clock.Merge(version.Clock));

    /// <summary>The latest by time.</summary>
    /// <exception cref="InvalidOperationException">The set is empty.</exception>
    public DocumentVersion Latest => _versions is [var only] ? only : _versions.Aggregate((latest, version) => DocumentVersion.CompareByTime(version, latest) > 0 ? version : latest);

    /// <summary>Whether there are versions, and all of them delete.</summary>
    public bool IsDeletion => !IsEmpty && Array.TrueForAll(_versions, version => version.IsDeletion);

    /// <summary>The only version there is, when it is no deletion; otherwise null.</summary>
    public DocumentVersion? Single => _versions is [{ IsDeletion: false } version] ? version : null;

    /// <summary>The latest that a region wrote; null when none is its.</summary>
    public DocumentVersion? From(string region) => Array.FindLast(_versions, version => version.Region == region);

    public static VersionSet Of(DocumentVersion version) => new([version]);

    public static VersionSet Of(IEnumerable<DocumentVersion> versions) => versions.Aggregate(Empty, (set, version) => set.Join(version));

    /// <summary>Whether it is this version and no other.</summary>
    public bool IsOnly(DocumentVersion version) => _versions is [var only] && only.Region == version.Region && only.Dot == version.Dot;

    /// <summary>Takes a version in. The same set when something here has seen it, or is it.</summary>
    public VersionSet Join(DocumentVersion version)
    {
        var unseenCount = 0;
        foreach (var known in _versions)
        {
            switch (known.Clock.CompareTo(version.Clock))
            {
                case ClockOrder.After:
                case ClockOrder.Equal when DocumentVersion.CompareByTime(version, known) <= 0:
                    return this;
                case ClockOrder.Equal:
                    // A region that was restored from an old copy counts as it did before: the later of its two stays everywhere.
                    return new VersionSet([.. _versions.Select(item => ReferenceEquals(item, known) ? version : item)]);
                case ClockOrder.Concurrent:
                    unseenCount++;
                    break;
            }
        }

        if (unseenCount == 0)
        {
            return Of(version);
        }

        var unseen = _versions.Where(known => known.Clock.CompareTo(version.Clock) != ClockOrder.Before);
        return new VersionSet([.. unseen.Append(version).OrderBy(item => item.Region, StringComparer.Ordinal).ThenBy(item => item.Dot).ThenBy(item => item.At)]);
    }

    /// <summary>Without what was written at or before a time.</summary>
    public VersionSet After(HlcTimestamp time) =>
        Array.TrueForAll(_versions, version => version.At > time) ? this : new VersionSet([.. _versions.Where(version => version.At > time)]);
}
