using Quorate.Core.Clocks;
using Quorate.Core.Codec;
using Quorate.Core.Collections;

namespace Quorate.Core.StateMachine.Kv;

/// <summary>Writes a key.</summary>
/// <param name="Value">UTF-8 JSON; the table does not look inside.</param>
/// <param name="Expected">
/// Write only when the key has this revision; 0: only when it does not exist; <see cref="KvTable.AnyRevision"/>: only when it exists;
/// null: always.
/// </param>
public sealed record KvPut(string Key, long? TtlMs, long? Expected, ReadOnlyMemory<byte> Value) : Command;

/// <param name="Expected">As in <see cref="KvPut"/>.</param>
public sealed record KvDelete(string Key, long? Expected) : Command;

/// <summary>Reads a key at the entry's own place in the log; for reads among writes. A read alone needs no entry.</summary>
public sealed record KvRead(string Key) : Command;

/// <summary>A key and its value.</summary>
/// <param name="Revision">Log index of the last write.</param>
/// <param name="CreateRevision">Log index of the write that created the key.</param>
/// <param name="Version">Writes since then, from 1.</param>
public sealed record KvItem(
    string Key, ReadOnlyMemory<byte> Value, long Revision, long CreateRevision, long Version, HlcTimestamp ModifiedAt, HlcTimestamp? ExpiresAt)
{
    /// <summary>What the key held before; null when there is nothing to tell. Belongs to the table, which changes it.</summary>
    internal KvHistory? Past { get; set; }
}

/// <summary>Key-value state, ordered by key (ordinal).</summary>
/// <remarks>
/// Invariants: 1. no key outlives its time, and its version counts from the write that created it; 2. the revisions of a key fall from one to the
/// next older, which ended when the newer began, and are at most <see cref="KeptRevisions"/>; 3. <see cref="HistoryCount"/> and
/// <see cref="HistoryBytes"/> are those of all histories, the bytes within <see cref="MaxHistoryBytes"/>.
/// </remarks>
public sealed partial class KvTable
{
    /// <summary>Expected of a key that must exist, whatever its revision.</summary>
    public const long AnyRevision = -1;

    private readonly CowTree<string, KvItem> _items = new(StringComparer.Ordinal);
    private readonly ExpiryIndex<string> _expiry = new(StringComparer.Ordinal);

    public int Count => _items.Count;

    internal HlcTimestamp? NextDue => _expiry.NextDue;

    public KvItem? Get(string key) => _items.TryGet(key, out var item) ? item : null;

    /// <summary>Keys with a prefix, in order, from <paramref name="from"/> (excluded) on. The table must not change meanwhile.</summary>
    public IEnumerable<KvItem> Range(string prefix, string? from = null)
    {
        var start = from is not null && string.CompareOrdinal(from, prefix) > 0 ? from : prefix;
        foreach (var (key, item) in _items.From(start))
        {
            if (!key.StartsWith(prefix, StringComparison.Ordinal))
            {
                yield break;
            }

            if (key != from)
            {
                yield return item;
            }
        }
    }

    internal (CowTree<string, KvItem>.Frozen Items, CowTree<string, KvHistory>.Frozen Ended, long ForgottenThrough) Freeze()
    {
        _epoch++;
        return (_items.Freeze(), _ended.Freeze(), ForgottenThrough);
    }

    internal CommandResult Apply(KvPut put, in ApplyContext context)
    {
        var current = Get(put.Key);
        if (!AsExpected(current, put.Expected))
        {
            return new CommandResult.KvMismatch(current);
        }

        // The key that is there already, so that the earlier revisions that are kept share it.
        var item = new KvItem(
            current?.Key ?? put.Key,
            put.Value,
            context.Index,
            current?.CreateRevision ?? context.Index,
            (current?.Version ?? 0) + 1,
            context.Time,
            put.TtlMs is { } ttl ? context.Time.AddMs(ttl) : null)
        {
            Past = Replaced(put.Key, current, context),
        };
        Store(item, current);
        if (current is not null)
        {
            KeepWithinBounds();
        }

        context.Events.Add(new StateEvent.KvChanged(put.Key, context.Index, KvChange.Put, item, context.Reason));
        return new CommandResult.KvWritten(context.Index, current is null);
    }

    internal CommandResult Apply(KvDelete delete, in ApplyContext context)
    {
        var current = Get(delete.Key);
        if (!AsExpected(current, delete.Expected))
        {
            return new CommandResult.KvMismatch(current);
        }

        if (current is null)
        {
            return new CommandResult.KvNotFound();
        }

        _expiry.Remove(current.ExpiresAt, current.Key);
        _items.Remove(current.Key);
        Ended(current, KvChange.Deleted, context);
        context.Events.Add(new StateEvent.KvChanged(delete.Key, context.Index, KvChange.Deleted, Item: null, context.Reason));
        return new CommandResult.KvDeleted(context.Index);
    }

    internal void ExpireDue(in ApplyContext context)
    {
        while (_expiry.TryTakeDue(context.Time, out var key))
        {
            var item = Get(key)!;
            _items.Remove(key);
            Ended(item, KvChange.Expired, context);
            context.Events.Add(new StateEvent.KvChanged(key, context.Index, KvChange.Expired, Item: null, context.Reason));
        }
    }

    internal void Restore(ref ByteReader reader) => Store(ReadItem(ref reader), null);

    internal static void WriteItem(ByteWriter writer, KvItem item)
    {
        writer.String(item.Key);
        writer.Bytes(item.Value.Span);
        writer.VarInt(item.Revision);
        writer.VarInt(item.CreateRevision);
        writer.VarInt(item.Version);
        writer.VarInt(item.ModifiedAt.Value);
        writer.OptionalInt64(item.ExpiresAt?.Value);
    }

    /// <summary>Copies the value: what it is read from may be a large buffer.</summary>
    internal static KvItem ReadItem(ref ByteReader reader) => new(
        reader.String(),
        reader.Bytes().ToArray(),
        reader.VarInt(),
        reader.VarInt(),
        reader.VarInt(),
        new HlcTimestamp(reader.VarInt()),
        reader.OptionalInt64() is { } due ? new HlcTimestamp(due) : null);

    private static bool AsExpected(KvItem? current, long? expected) => expected switch
    {
        null => true,
        AnyRevision => current is not null,
        _ => expected == (current?.Revision ?? 0),
    };

    private void Store(KvItem item, KvItem? previous)
    {
        _expiry.Remove(previous?.ExpiresAt, item.Key);
        _expiry.Add(item.ExpiresAt, item.Key);
        _items.Set(item.Key, item);
    }
}
