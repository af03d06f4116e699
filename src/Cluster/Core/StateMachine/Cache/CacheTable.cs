using System.Diagnostics;
using Quorate.Core.Clocks;
using Quorate.Core.Collections;

namespace Quorate.Core.StateMachine.Cache;

/// <summary>
/// The cache's middle layer, and its only word on what is current. It keeps the values of the newest writes, and of many more keys the
/// stamp of their last write:
/// <code>
///   written ──▶ value and stamp ──(bytes are full)──▶ stamp only ──(keys are full)──▶ forgotten
///                     └──────────── deleted, expired ────┴──▶ forgotten
/// </code>
/// A store beside the cluster may hold values for longer, but what it holds is served only while the stamp here says the same. So it may be
/// away, late or restored from a backup, and still never answers what has been overwritten.
/// </summary>
/// <remarks>
/// What is oldest by its write gives way first. Reads are no entries of the log, so how often a key is read is not known here: that is the business
/// of each gateway's own layer.
/// Invariants: 1. what gave way was written before everything whose value is here; 2. <see cref="Bytes"/> are those of the values that are here,
/// within <see cref="MaxBytes"/>, and keys are within <see cref="MaxKeys"/>.
/// </remarks>
public sealed class CacheTable
{
    /// <summary>Bytes of values kept. Part of the state's meaning: nodes that disagree about it would hold different states.</summary>
    public const long MaxBytes = 32L << 20;

    /// <summary>Keys kept, with or without their values.</summary>
    public const int MaxKeys = 100_000;

    /// <summary>Largest value.</summary>
    public const int MaxValueBytes = 4 << 20;

    private readonly CowTree<string, CacheItem> _items = new(StringComparer.Ordinal);
    private readonly ExpiryIndex<string> _expiry = new(StringComparer.Ordinal);

    // Derived from the items, rebuilt when a snapshot is read: oldest write first.
    private readonly SortedSet<(long Revision, string Key)> _whole = new(Comparer<(long, string)>.Create(ByRevision));
    private readonly SortedSet<(long Revision, string Key)> _spilled = new(Comparer<(long, string)>.Create(ByRevision));

    /// <summary>Keys, with or without their values.</summary>
    public int Count => _items.Count;

    /// <summary>Keys whose values are not here any more.</summary>
    public int Spilled => _spilled.Count;

    /// <summary>Bytes of the values that are here.</summary>
    public long Bytes { get; private set; }

    public CacheCounters Counters { get; private set; } = CacheCounters.Zero;

    internal HlcTimestamp? NextDue => _expiry.NextDue;

    public CacheItem? Get(string key) => _items.TryGet(key, out var item) ? item : null;

    internal (CowTree<string, CacheItem>.Frozen Items, CacheCounters Counters) Freeze() => (_items.Freeze(), Counters);

    internal CommandResult Apply(CacheCommand command, in ApplyContext context) => command switch
    {
        CachePut put => Put(put, context),
        CacheDelete delete => Delete(delete, context),
        _ => throw new UnreachableException(command.GetType().Name),
    };

    internal void ExpireDue(in ApplyContext context)
    {
        while (_expiry.TryTakeDue(context.Time, out var key))
        {
            Forget(Get(key)!, context);
            Counters = Counters with { Expired = Counters.Expired + 1 };
        }
    }

    internal void Restore(CacheItem item) => Store(item);

    internal void Restore(CacheCounters counters) => Counters = counters;

    private CommandResult.CacheWritten Put(CachePut put, in ApplyContext context)
    {
        if (Get(put.Key) is { } former)
        {
            Remove(former);
        }

        var expiresAt = put.TtlMs is { } ttl ? context.Time.AddMs(ttl) : (HlcTimestamp?)null;
        Store(new CacheItem(put.Key, put.Value, put.Value.Length, context.Index, context.Time, expiresAt));
        context.Events.Add(new StateEvent.CacheChanged(put.Key));
        MakeRoom(context);
        return new CommandResult.CacheWritten(context.Index, context.Time, expiresAt);
    }

    private CommandResult.CacheDeleted Delete(CacheDelete delete, in ApplyContext context)
    {
        var item = Get(delete.Key);
        if (item is not null)
        {
            Forget(item, context);
        }

        return new CommandResult.CacheDeleted(context.Index, context.Time, item is not null);
    }

    private void MakeRoom(in ApplyContext context)
    {
        while (Bytes > MaxBytes)
        {
            var item = Get(_whole.Min.Key)!;
            Remove(item);
            Store(item with { Value = null });
            Counters = Counters with { Spilled = Counters.Spilled + 1 };
        }

        while (Count > MaxKeys)
        {
            Forget(Get((_spilled.Count > 0 ? _spilled : _whole).Min.Key)!, context);
            Counters = Counters with { Dropped = Counters.Dropped + 1 };
        }
    }

    private void Forget(CacheItem item, in ApplyContext context)
    {
        Remove(item);
        context.Events.Add(new StateEvent.CacheChanged(item.Key));
    }

    private void Store(CacheItem item)
    {
        _items.Set(item.Key, item);
        _expiry.Add(item.ExpiresAt, item.Key);
        (item.Value is null ? _spilled : _whole).Add((item.Revision, item.Key));
        Bytes += item.Value?.Length ?? 0;
    }

    private void Remove(CacheItem item)
    {
        _items.Remove(item.Key);
        _expiry.Remove(item.ExpiresAt, item.Key);
        (item.Value is null ? _spilled : _whole).Remove((item.Revision, item.Key));
        Bytes -= item.Value?.Length ?? 0;
    }

    private static int ByRevision((long Revision, string Key) left, (long Revision, string Key) right) =>
        left.Revision != right.Revision ? left.Revision.CompareTo(right.Revision) : string.CompareOrdinal(left.Key, right.Key);
}
