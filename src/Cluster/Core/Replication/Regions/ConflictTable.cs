using Quorate.Core.Clocks;
using Quorate.Core.Codec;
using Quorate.Core.Collections;
using Quorate.Core.StateMachine;
using Quorate.Core.StateMachine.Documents;

namespace Quorate.Core.Replication.Regions;

/// <summary>
/// The ledger of conflicts: those that stand, which are a function of the documents' versions, and those that were settled, which travel with the
/// changes that settled them. Both are the same in every region once all changes have arrived. The oldest settled ones go when there are too many.
/// </summary>
public sealed class ConflictTable
{
    public const int MaxSettled = 10_000;
    public const long MaxSettledBytes = 64L << 20;

    private readonly CowTree<string, Conflict> _conflicts = new(StringComparer.Ordinal);
    private readonly CowTree<(HlcTimestamp At, string Id), bool> _settled = new(Comparer<(HlcTimestamp At, string Id)>.Create(static (left, right) =>
        left.At != right.At ? left.At.CompareTo(right.At) : string.CompareOrdinal(left.Id, right.Id)));

    // Those that wait for somebody although their versions stand against each other no more: a decision was taken back.
    private readonly SortedSet<(string Collection, string Key, string Id)> _reopened = new(Comparer<(string Collection, string Key, string Id)>.Create(ByKey));

    private readonly long[] _found = new long[(int)ConflictStrategy.Manual + 1];
    private long _settledBytes;

    public int Count => _conflicts.Count;

    /// <summary>Conflicts that wait for somebody.</summary>
    public int Open { get; private set; }

    public Conflict? Get(string id) => _conflicts.TryGet(id, out var conflict) ? conflict : null;

    /// <summary>The conflict for which a document waits since a decision was taken back; null when there is none, or it was written since.</summary>
    /// <param name="versions">The document's.</param>
    public Conflict? Reopened(string collection, string key, VersionSet versions) => _reopened.Count == 0
        ? null
        : _reopened.GetViewBetween((collection, key, ""), (collection, key, "\uffff"))
            .Select(item => Get(item.Id)!)
            .FirstOrDefault(conflict => versions.IsOnly(conflict.Last!.Result));

    /// <summary>All of them by id. The table must not change meanwhile.</summary>
    public IEnumerable<Conflict> All() => _conflicts.All().Select(pair => pair.Value);

    /// <summary>Conflicts found in collections with a strategy since the region began.</summary>
    public long Found(ConflictStrategy strategy) => _found[(int)strategy];

    /// <summary>A document's versions have become others.</summary>
    internal void Changed(DocumentCollection collection, string key, VersionSet before, VersionSet after, in ApplyContext context)
    {
        var old = before.IsConflict ? Conflict.IdOf(collection.Name, key, before) : null;
        var now = after.IsConflict ? Conflict.IdOf(collection.Name, key, after) : null;
        if (old is not null && old != now && Get(old) is { } ended)
        {
            Put(ended with { Live = null, Strategy = ended.Last?.Settlement.Strategy ?? ended.Strategy }, context);
        }

        if (now is not null)
        {
            var known = Get(now);
            _found[(int)collection.Strategy] += known is null ? 1 : 0;
            Put(new Conflict(now, collection.Name, key, collection.Strategy, after, known?.Settlements ?? []), context);
        }
    }

    /// <summary>A change has settled a conflict. One that came before changes nothing.</summary>
    internal void Settle(string collection, string key, Settlement settlement, DocumentVersion result, in ApplyContext context)
    {
        var known = Get(settlement.Conflict) ?? new Conflict(settlement.Conflict, collection, key, settlement.Strategy, null, []);
        if (known.Settlements.Any(record => record.Result.Region == result.Region && record.Result.Dot == result.Dot))
        {
            return;
        }

        var all = known.Settlements.Append(new SettlementRecord(settlement, result)).ToList();
        all.Sort(SettlementRecord.CompareByTime);
        Put(known with { Settlements = all, Strategy = known.Live is null ? all[^1].Settlement.Strategy : known.Strategy }, context);
        Prune(context);
    }

    internal FrozenConflicts Freeze() => new(_conflicts.Freeze(), [.. _found]);

    internal void Restore(Conflict conflict)
    {
        // Older snapshots have one name for a conflict and for what stands against its outcome.
        if (conflict.Live is { } live && Conflict.IdOf(conflict.Collection, conflict.Key, live) is var id && id != conflict.Id)
        {
            if (conflict.Last is { } last)
            {
                Index(conflict with { Live = null, Strategy = last.Settlement.Strategy }, present: true);
            }

            conflict = conflict with { Id = id, Settlements = [] };
        }

        Index(conflict, present: true);
    }

    internal void RestoreFound(ref ByteReader reader)
    {
        for (var i = 1; i < _found.Length; i++)
        {
            _found[i] = reader.VarInt();
        }
    }

    private void Put(Conflict conflict, in ApplyContext context)
    {
        if (Get(conflict.Id) is { } old)
        {
            Index(old, present: false);
        }

        // Neither standing nor settled: its versions went with their collection, or were seen by a change whose settlement has another name.
        if (conflict.Live is not null || conflict.Settlements.Count > 0)
        {
            Index(conflict, present: true);
        }

        context.Events.Add(new StateEvent.ConflictChanged(conflict.Id));
    }

    private void Index(Conflict conflict, bool present)
    {
        var sign = present ? 1 : -1;
        Open += conflict.Status == ConflictStatus.Open ? sign : 0;
        if (present)
        {
            _conflicts.Set(conflict.Id, conflict);
        }
        else
        {
            _conflicts.Remove(conflict.Id);
        }

        if (conflict.Live is not null)
        {
            return;
        }

        if (conflict.Status == ConflictStatus.Open)
        {
            var item = (conflict.Collection, conflict.Key, conflict.Id);
            _ = present ? _reopened.Add(item) : _reopened.Remove(item);
        }

        _settledBytes += sign * conflict.Cost;
        if (present)
        {
            _settled.Set((conflict.Last!.Result.At, conflict.Id), true);
        }
        else
        {
            _settled.Remove((conflict.Last!.Result.At, conflict.Id));
        }
    }

    private static int ByKey((string Collection, string Key, string Id) left, (string Collection, string Key, string Id) right) =>
        string.CompareOrdinal(left.Collection, right.Collection) is var collection and not 0 ? collection
        : string.CompareOrdinal(left.Key, right.Key) is var key and not 0 ? key
        : string.CompareOrdinal(left.Id, right.Id);

    private void Prune(in ApplyContext context)
    {
        while (_settled.Count > MaxSettled || (_settledBytes > MaxSettledBytes && _settled.Count > 1))
        {
            var id = _settled.All().First().Key.Id;
            Index(Get(id)!, present: false);
            context.Events.Add(new StateEvent.ConflictChanged(id));
        }
    }
}

/// <summary>The ledger as it was after one entry.</summary>
internal sealed record FrozenConflicts(CowTree<string, Conflict>.Frozen Conflicts, IReadOnlyList<long> Found);
