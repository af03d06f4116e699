using Quorate.Core.Clocks;
using Quorate.Core.Collections;

namespace Quorate.Core.Replication.Regions;

/// <summary>How many documents of a collection other regions have deleted within a minute, and what of it waits for an operator.</summary>
/// <param name="WindowAt">When the minute began.</param>
/// <param name="Documents">What the collection held then.</param>
/// <param name="Deleted">Deletions let through since.</param>
/// <param name="Since">When the brake was pulled; null: it is not.</param>
/// <param name="Held">Deletions that wait.</param>
public sealed record Brake(string Collection, HlcTimestamp WindowAt, long Documents, long Deleted, HlcTimestamp? Since = null, long Held = 0);

/// <summary>
/// Holds deletions that other regions send when there are too many of them: a script gone wrong in one region shall not empty all of them. An
/// operator lets them through or refuses them.
/// </summary>
public sealed class BrakeTable
{
    private const long WindowMs = 60_000;

    private readonly CowTree<string, Brake> _brakes = new(StringComparer.Ordinal);
    private readonly CowTree<HeldKey, ChangeEvent> _held = new(Comparer<HeldKey>.Default);

    /// <summary>Deletions that wait, of all collections.</summary>
    public int Held => _held.Count;

    /// <summary>Brakes that are pulled.</summary>
    public IEnumerable<Brake> Pulled => _brakes.All().Select(pair => pair.Value).Where(brake => brake.Since is not null);

    public Brake? Get(string collection) => _brakes.TryGet(collection, out var brake) ? brake : null;

    /// <summary>What waits in a collection; the drop of the collection itself comes first. The table must not change meanwhile.</summary>
    public IEnumerable<ChangeEvent> HeldOf(string collection) =>
        _held.From(new HeldKey(collection, "", HlcTimestamp.Zero, "")).TakeWhile(pair => pair.Key.Collection == collection).Select(pair => pair.Value);

    /// <summary>Counts deletions that another region asks for. True: they wait, and the change is kept for the operator.</summary>
    /// <param name="documents">What the collection holds.</param>
    /// <param name="count">Documents that the change would delete.</param>
    internal bool Holds(ChangeEvent change, long documents, long count, RegionSettings settings, HlcTimestamp now)
    {
        if (settings.BrakeShare >= 1)
        {
            return false;
        }

        var brake = Get(change.Collection);
        if (brake is null || (brake.Since is null && now >= brake.WindowAt.AddMs(WindowMs)))
        {
            brake = new Brake(change.Collection, now, documents, 0);
        }

        var allowed = Math.Max(settings.BrakeMinimum, (long)(settings.BrakeShare * brake.Documents));
        if (brake.Since is null && brake.Deleted + count <= allowed)
        {
            _brakes.Set(brake.Collection, brake with { Deleted = brake.Deleted + count });
            return false;
        }

        var key = HeldKey.Of(change);
        var added = _held.TryGet(key, out _) ? 0 : 1;
        _held.Set(key, change);
        _brakes.Set(brake.Collection, brake with { Since = brake.Since ?? now, Held = brake.Held + added });
        return true;
    }

    /// <summary>Takes what waits out, at most so many; the brake is let go with the last.</summary>
    internal IReadOnlyList<ChangeEvent> Take(string collection, int max)
    {
        if (Get(collection) is not { } brake)
        {
            return [];
        }

        var taken = HeldOf(collection).Take(max).ToList();
        taken.ForEach(change => _held.Remove(HeldKey.Of(change)));
        if (taken.Count == brake.Held)
        {
            _brakes.Remove(collection);
        }
        else
        {
            _brakes.Set(collection, brake with { Held = brake.Held - taken.Count });
        }

        return taken;
    }

    internal FrozenBrakes Freeze() => new(_brakes.Freeze(), _held.Freeze());

    internal void Restore(Brake brake) => _brakes.Set(brake.Collection, brake);

    internal void Restore(ChangeEvent held) => _held.Set(HeldKey.Of(held), held);
}

/// <summary>The brakes as they were after one entry.</summary>
internal sealed record FrozenBrakes(CowTree<string, Brake>.Frozen Brakes, CowTree<HeldKey, ChangeEvent>.Frozen Held);

/// <summary>A deletion that waits. Several may be for the same document: regions that did not know of each other.</summary>
/// <param name="Key">Empty for the drop of the collection.</param>
internal readonly record struct HeldKey(string Collection, string Key, HlcTimestamp At, string Origin) : IComparable<HeldKey>
{
    public static HeldKey Of(ChangeEvent change) => new(change.Collection, change.Key ?? "", change.At, change.Origin);

    public int CompareTo(HeldKey other) =>
        string.CompareOrdinal(Collection, other.Collection) is var collection and not 0 ? collection
        : string.CompareOrdinal(Key, other.Key) is var key and not 0 ? key
        : At != other.At ? At.CompareTo(other.At)
        : string.CompareOrdinal(Origin, other.Origin);
}
