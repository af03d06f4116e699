using Quorate.Core.StateMachine.Cache;
using Quorate.Core.StateMachine.Documents;
using Quorate.Core.StateMachine.Elections;
using Quorate.Core.StateMachine.Kv;
using Quorate.Core.StateMachine.Locks;
using Quorate.Core.StateMachine.Queues;

namespace Quorate.Core.StateMachine.Transactions;

/// <summary>
/// What the operations of a branch change, each thing once: a key, a key of the cache, the room of a queue, a message in flight, a lock, an
/// election, a document. So it does not matter in which order they are asked whether they can be carried out.
/// </summary>
/// <remarks>Giving messages back takes room like enqueueing, so a queue has one of the two. Acks take none.</remarks>
public sealed class TransactionClaims
{
    private readonly SortedSet<(string Kind, string Name, string Part)> _claimed = new(Comparer<(string, string, string)>.Create(Compare));

    /// <summary>Adds an operation.</summary>
    /// <returns>What it changes although an operation before it did, in words; null when there is no such thing.</returns>
    public string? Add(Command command)
    {
        foreach (var claim in Of(command))
        {
            if (!_claimed.Add(claim))
            {
                return claim.Part.Length == 0 ? $"{claim.Kind} '{claim.Name}'" : $"{claim.Kind} '{claim.Part}' of '{claim.Name}'";
            }
        }

        return null;
    }

    private static IEnumerable<(string Kind, string Name, string Part)> Of(Command command) => command switch
    {
        KvPut put => [("key", put.Key, "")],
        KvDelete delete => [("key", delete.Key, "")],
        CachePut put => [("cached key", put.Key, "")],
        CacheDelete delete => [("cached key", delete.Key, "")],
        QueueEnqueue enqueue => [("queue", enqueue.Name, "")],
        QueueNack nack => [("queue", nack.Name, ""), .. Messages(nack.Name, nack.Receipts)],
        QueueAck ack => Messages(ack.Name, ack.Receipts),
        LockRenew renew => [("lock", renew.Name, "")],
        LockRelease release => [("lock", release.Name, "")],
        ElectionProclaim proclaim => [("election", proclaim.Name, "")],
        ElectionResign resign => [("election", resign.Name, "")],
        DocumentPut put => [("document", put.Collection, put.Key)],
        DocumentDelete delete => [("document", delete.Collection, delete.Key)],
        _ => [],
    };

    private static IEnumerable<(string Kind, string Name, string Part)> Messages(string queue, IReadOnlyList<Receipt> receipts) =>
        receipts.Select(receipt => ("message", queue, receipt.Message.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    private static int Compare((string, string, string) a, (string, string, string) b)
    {
        var byKind = string.CompareOrdinal(a.Item1, b.Item1);
        var byName = byKind != 0 ? byKind : string.CompareOrdinal(a.Item2, b.Item2);
        return byName != 0 ? byName : string.CompareOrdinal(a.Item3, b.Item3);
    }
}
